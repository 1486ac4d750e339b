// Lion over all parameters of all runs in one launch: p -= lr * lrMult * (sign(beta1 * m + (1 - beta1) * g) + decay * p), then
// m = beta2 * m + (1 - beta2) * g. Rules and blocks are those of adamw.wgsl. A run that has diverged is left as it was. Four
// threads share a block.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(2) var<storage, read> tensorOfBlock: array<u32>;
@group(0) @binding(3) var<storage, read> rules: array<Rule>;
@group(0) @binding(4) var<storage, read> updates: array<Update>;
@group(0) @binding(5) var<storage, read> runs: array<Run>;
@group(0) @binding(6) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> momenta: array<vec4f>;

const QUADS_PER_BLOCK: u32 = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  let run = group.z;
  let block = i / 4u;
  if (block * QUADS_PER_BLOCK >= call.lanes || runs[run].divergedAt != NEVER) { return; }
  let update = updates[run];
  let rule = rules[run * call.tensors + tensorOfBlock[block]];

  for (var quad = i % 4u; quad < QUADS_PER_BLOCK; quad += 4u) {
    let at = run * call.lanes + block * QUADS_PER_BLOCK + quad;
    let g = update.gradientScale * gradients[at];
    let m = momenta[at];
    momenta[at] = update.beta2 * m + update.oneMinusBeta2 * g;
    let p = parameters[at];
    parameters[at] = p - update.learningRate * rule.factor * (sign(update.beta1 * m + update.oneMinusBeta1 * g) + rule.decay * p);
  }
}
