// AdamW over all parameters of all runs in one launch: p -= lr * lrMult * (mhat / (sqrt(vhat) + eps) + decay * p).
// Each block of 64 parameters belongs to one tensor, whose row of `rules` holds (lrMult, decay, eps) of this run. Muon's tensors
// lie behind these and have no second moments. A run that has diverged is left as it was. Four threads share a block.

// `quads` of a run are updated, out of `stride`.
struct Call { quads: u32, tensors: u32, stride: u32 }
struct Run { step: u32, divergedAt: u32 }
struct Update { learningRate: f32, gradientScale: f32, correction1: f32, correction2: f32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(2) var<storage, read> tensorOfBlock: array<u32>;
@group(0) @binding(3) var<storage, read> rules: array<vec4f>;
@group(0) @binding(4) var<storage, read> updates: array<Update>;
@group(0) @binding(5) var<storage, read> runs: array<Run>;
@group(0) @binding(6) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> firstMoments: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> secondMoments: array<vec4f>;

const NEVER: u32 = 0xffffffffu;
const QUADS_PER_BLOCK: u32 = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  let run = group.z;
  let block = i / 4u;
  if (block * QUADS_PER_BLOCK >= call.quads || runs[run].divergedAt != NEVER) { return; }
  let update = updates[run];
  // Row 0 of a run holds (beta1, 1 - beta1, beta2, 1 - beta2), row 1 (momentum); the tensors follow.
  let first = run * (call.tensors + 2u);
  let betas = rules[first];
  let rule = rules[first + 2u + tensorOfBlock[block]];

  for (var quad = i % 4u; quad < QUADS_PER_BLOCK; quad += 4u) {
    let own = block * QUADS_PER_BLOCK + quad;
    let at = run * call.stride + own;
    let second = run * call.quads + own;
    let g = update.gradientScale * gradients[at];
    let m = betas.x * firstMoments[at] + betas.y * g;
    let v = betas.z * secondMoments[second] + betas.w * g * g;
    firstMoments[at] = m;
    secondMoments[second] = v;
    let p = parameters[at];
    let direction = m * update.correction1 / (sqrt(v * update.correction2) + rule.z) + rule.y * p;
    parameters[at] = p - update.learningRate * rule.x * direction;
  }
}
