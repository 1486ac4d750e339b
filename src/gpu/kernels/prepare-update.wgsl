// Everything the update of this step needs, for each run: the scheduled learning rate, AdamW's bias corrections, the clip
// factor from the run's own global gradient norm. Marks runs whose gradient is not finite and moves the clock on.
// One workgroup per run; the sum runs in a fixed order. The schedule is that of src/model/schedule.ts.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> settings: array<Setting>;
@group(0) @binding(2) var<storage, read> squares: array<f32>;
@group(0) @binding(3) var<storage, read_write> runs: array<Run>;
@group(0) @binding(4) var<storage, read_write> clock: array<u32>;
@group(0) @binding(5) var<storage, read_write> updates: array<Update>;

// 1 - exp(x) for x <= 0, without the cancellation near zero.
fn oneMinusExp(x: f32) -> f32 {
  if (x < -0.25) { return 1.0 - exp(x); }
  return -x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0))))));
}

// sin(x) on [0, pi/2] to 6e-8: WGSL's own is only promised to 5e-4, as much as the end of a cosine schedule is worth.
fn sine(x: f32) -> f32 {
  let y = x * x;
  return x * (1.0 - y / 6.0 * (1.0 - y / 20.0 * (1.0 - y / 42.0 * (1.0 - y / 72.0 * (1.0 - y / 110.0)))));
}

fn scheduleFactor(s: Setting, step: u32) -> f32 {
  var factor = 1.0;
  if (s.warmup > 0u) { factor = min(1.0, f32(step + 1u) / f32(s.warmup)); }
  if (s.schedule == COSINE) {
    let progress = f32(max(step, s.warmup) - s.warmup) / f32(max(1u, call.steps - min(call.steps, s.warmup)));
    // (1 + cos(pi p)) / 2 = sin(pi (1 - p) / 2)^2, without the cancellation where p is near 1.
    let fall = sine(1.5707963267948966 * (1.0 - progress));
    factor *= s.finalShare + (1.0 - s.finalShare) * fall * fall;
  }
  if (s.schedule == WSD) { factor *= min(1.0, f32(call.steps - step) / f32(s.decaySteps)); }
  return factor;
}

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let run = group.z;
  var sum = 0.0;
  for (var i = local; i < call.sums; i += 64u) { sum += squares[run * call.sums + i]; }
  partial[local] = sum;
  workgroupBarrier();
  if (local > 0u) { return; }
  sum = 0.0;
  for (var i = 0u; i < 64u; i++) { sum += partial[i]; }

  let s = settings[run];
  let step = runs[run].step;
  let finite = (bitcast<u32>(sum) & 0x7f800000u) != 0x7f800000u;
  if (!finite && runs[run].divergedAt == NEVER) { runs[run].divergedAt = step; }

  var gradientScale = 1.0;
  let norm = sqrt(sum);
  if (s.clip > 0.0 && norm > s.clip) { gradientScale = s.clip / norm; }
  let taken = f32(step + 1u);
  var update: Update;
  update.beta1 = s.beta1;
  update.oneMinusBeta1 = s.oneMinusBeta1;
  update.beta2 = s.beta2;
  update.oneMinusBeta2 = s.oneMinusBeta2;
  update.momentum = s.momentum;
  update.learningRate = s.learningRate * scheduleFactor(s, step);
  update.gradientScale = gradientScale;
  update.correction1 = 1.0 / oneMinusExp(taken * s.logBeta1);
  update.correction2 = 1.0 / oneMinusExp(taken * s.logBeta2);
  updates[run] = update;
  runs[run].step = step + 1u;
  if (run == 0u) { clock[0] = step + 1u; }
}
