// Threads the positions of each token into a list in ascending order: first[v], then next[n], until NONE. The embedding's
// gradient walks the list, so each table row has one owner and no atomics are needed. One thread per position, which looks for
// the next one of its token, and one per token of the vocabulary, which looks for its first.

const NONE: u32 = 0xffffffffu;

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> tokens: array<u32>;
@group(0) @binding(2) var<storage, read_write> first: array<u32>;
@group(0) @binding(3) var<storage, read_write> next: array<u32>;

// Looks at several positions a turn, whose loads do not wait for each other.
fn firstFrom(begin: u32, token: u32) -> u32 {
  for (var n = begin; n < call.count; n += TURN) {
    // Beyond the end stands the last position, again.
    @each i < TURN: let at{i} = min(n + {i}u, call.count - 1u);
    var found = NONE;
    @each i < TURN: found = min(found, select(NONE, at{i}, tokens[at{i}] == token));
    if (found != NONE) { return found; }
  }
  return NONE;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i < call.count) {
    next[i] = firstFrom(i + 1u, tokens[i]);
  } else if (i < call.count + call.vocabulary) {
    first[i - call.count] = firstFrom(0u, i - call.count);
  }
}
