// AdamW over all parameters of all runs in one launch: p -= lr * lrMult * (mhat / (sqrt(vhat) + eps) + decay * p).
// Each block of 64 parameters belongs to one tensor, which has its own rule in each run. Muon's tensors
// lie behind these and have no second moments. A run that has diverged is left as it was. Four threads share a block.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(2) var<storage, read> tensorOfBlock: array<u32>;
@group(0) @binding(3) var<storage, read> rules: array<Rule>;
@group(0) @binding(4) var<storage, read> updates: array<Update>;
@group(0) @binding(5) var<storage, read> runs: array<Run>;
@group(0) @binding(6) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> firstMoments: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> secondMoments: array<vec4f>;

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
    let own = block * QUADS_PER_BLOCK + quad;
    let at = run * call.stride + own;
    let second = run * call.lanes + own;
    let g = update.gradientScale * gradients[at];
    let m = update.beta1 * firstMoments[at] + update.oneMinusBeta1 * g;
    let v = update.beta2 * secondMoments[second] + update.oneMinusBeta2 * g * g;
    firstMoments[at] = m;
    secondMoments[second] = v;
    let p = parameters[at];
    let direction = m * update.correction1 / (sqrt(v * update.correction2) + rule.epsilon) + rule.decay * p;
    parameters[at] = p - update.learningRate * rule.factor * direction;
  }
}
