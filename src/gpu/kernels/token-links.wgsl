// Threads the positions of each token into a list in ascending order: first[v], then next[n], until NONE. The embedding's
// gradient walks the list, so each table row has one owner and no atomics are needed. One thread per token of the vocabulary.

const NONE: u32 = 0xffffffffu;
struct Call { count: u32, vocabulary: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> tokens: array<u32>;
@group(0) @binding(2) var<storage, read_write> first: array<u32>;
@group(0) @binding(3) var<storage, read_write> next: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let v = id.x;
  if (v >= call.vocabulary) { return; }
  var later = NONE;
  for (var n = call.count; n > 0u; n--) {
    if (tokens[n - 1u] == v) {
      next[n - 1u] = later;
      later = n - 1u;
    }
  }
  first[v] = later;
}
