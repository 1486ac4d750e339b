// What each thread hears from the four threads of its quad. WGSL does not say which threads of a workgroup form a quad; the
// engine's kernels by quads take four neighbours for one, and are used only where this shows them to be.

enable subgroups;

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read_write> heard: array<vec4u>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let said = vec4u(
    quadBroadcast(local, 0u), quadBroadcast(local, 1u), quadBroadcast(local, 2u), quadBroadcast(local, 3u),
  );
  let thread = group.x * WORKGROUP + local;
  if (thread < call.threads) { heard[thread] = said; }
}
