"""The bench's GPT in PyTorch, to stand beside ours on the same GPU: eager, compiled, and vmapped over runs.

    python lab/bench/torch_reference.py [--device cuda|cpu] [--only steps|cohorts] [--no-compile] [--quick] [--out torch.json]

Needs PyTorch 2.3 or newer and nothing else. Prints JSON shaped like the sections "steps" and "cohorts" of bench.json (figures.ts), with
the name of who trained in each row. Everything is f32, TF32 off. The tokens are random: the time of a step does not depend on them.
"""

import argparse
import json
import math
import platform
import sys
import time

import torch
import torch.nn.functional as F
from torch.func import functional_call, grad_and_value, vmap

LAYERS, CONTEXT, BATCH, VOCABULARY, HEAD_SIZE = 2, 64, 8, 256, 16
NORM_EPSILON = 1e-5
ADAM = {"lr": 2**-9, "betas": (0.9, 0.95), "eps": 1e-8, "weight_decay": 0.0}
BATCHES = 32

FULL = {"widths": [32, 64, 128, 256, 512], "turns": 7, "seconds": 0.5}
FULL_COHORTS = {"widths": [16, 32, 64, 128, 256], "runs": [1, 2, 4, 8, 16, 32], "turns": 5, "seconds": 0.4}
QUICK = {"widths": [32, 64], "turns": 3, "seconds": 0.1}
QUICK_COHORTS = {"widths": [16, 64], "runs": [1, 4, 16], "turns": 3, "seconds": 0.1}
# A training step that would take longer, in seconds, is left out.
LONGEST_STEP = 10.0


def fused_attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def plain_attention(q, k, v):
    """The same, written out: vmap falls back to a loop over the runs where a fused kernel has no batching rule."""
    scores = (q @ k.transpose(-2, -1)) / math.sqrt(HEAD_SIZE)
    future = torch.ones(CONTEXT, CONTEXT, dtype=torch.bool, device=q.device).triu(1)
    return scores.masked_fill(future, -math.inf).softmax(-1) @ v


class Block(torch.nn.Module):
    def __init__(self, width, attention):
        super().__init__()
        self.attention = attention
        gain = lambda: torch.nn.Parameter(torch.ones(width))
        matrix = lambda rows, columns, scale=1.0: torch.nn.Parameter(
            torch.randn(rows, columns) * scale / math.sqrt(rows)
        )
        out = 1 / math.sqrt(2 * LAYERS)
        self.attention_norm = gain()
        # Query, key and value side by side: one product.
        self.qkv = matrix(width, 3 * width)
        self.out = matrix(width, width, out)
        self.mlp_norm = gain()
        self.up = matrix(width, 4 * width)
        self.down = matrix(4 * width, width, out)

    def forward(self, x):
        batch, context, width = x.shape
        heads = width // HEAD_SIZE
        normed = F.layer_norm(x, (width,), self.attention_norm, None, NORM_EPSILON)
        q, k, v = (normed @ self.qkv).view(batch, context, 3, heads, HEAD_SIZE).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = self.attention(q, k, v)
        x = x + mixed.transpose(1, 2).reshape(batch, context, width) @ self.out
        normed = F.layer_norm(x, (width,), self.mlp_norm, None, NORM_EPSILON)
        return x + F.gelu(normed @ self.up, approximate="tanh") @ self.down


class Gpt(torch.nn.Module):
    """Mean loss, in nats, of the reference model: no biases, untied, learned positions, pre-norm with gains."""

    def __init__(self, width, attention):
        super().__init__()
        self.width = width
        self.token = torch.nn.Parameter(torch.randn(VOCABULARY, width))
        self.position = torch.nn.Parameter(torch.randn(CONTEXT, width))
        self.blocks = torch.nn.ModuleList(Block(width, attention) for _ in range(LAYERS))
        self.norm = torch.nn.Parameter(torch.ones(width))
        self.unembed = torch.nn.Parameter(torch.randn(width, VOCABULARY) / math.sqrt(width))

    def forward(self, tokens):
        x = F.embedding(tokens[:, :-1], self.token) + self.position
        for block in self.blocks:
            x = block(x)
        logits = F.layer_norm(x, (self.width,), self.norm, None, NORM_EPSILON) @ self.unembed
        return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


def gpt(width, seed, device, attention=fused_attention):
    torch.manual_seed(seed)
    return Gpt(width, attention).to(device)


def token_batches(device):
    generator = torch.Generator().manual_seed(1)
    return [
        torch.randint(VOCABULARY, (BATCH, CONTEXT + 1), generator=generator).to(device) for _ in range(BATCHES)
    ]


def adam(parameters, device):
    return torch.optim.AdamW(parameters, fused=device == "cuda", foreach=None if device == "cuda" else True, **ADAM)


def compiled_for_one_size(function, mode):
    # Else the compiler concludes from the second size it sees that sizes change, and compiles slower code for any.
    return torch.compile(function, mode=mode, dynamic=False)


def single_step(width, device, compiled):
    """A function of a batch that trains one run by one step and returns its loss, still on the device."""
    model = gpt(width, 0, device)
    optimizer = adam(model.parameters(), device)
    # CUDA graphs take away most of what a launch costs; on a CPU there is nothing of the kind.
    loss_of = compiled_for_one_size(model, "reduce-overhead" if device == "cuda" else "default") if compiled else model

    def step(tokens):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(tokens)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def cohort_step(width, runs, device, compiled):
    """The same for `runs` runs on the same batch: parameters stacked, loss and gradient vmapped; returns [runs] losses."""
    models = [gpt(width, seed, device, plain_attention) for seed in range(runs)]
    stacked = {
        name: torch.stack([dict(model.named_parameters())[name].detach() for model in models]).requires_grad_()
        for name, _ in models[0].named_parameters()
    }
    optimizer = adam(stacked.values(), device)
    skeleton = models[0]
    loss_of = lambda parameters, tokens: functional_call(skeleton, parameters, (tokens,))
    over_runs = vmap(grad_and_value(loss_of), in_dims=(0, None))
    if compiled:
        over_runs = compiled_for_one_size(over_runs, "default")

    def step(tokens):
        gradients, losses = over_runs({name: value.detach() for name, value in stacked.items()}, tokens)
        for name, value in stacked.items():
            # The fused update wants gradients laid out like the parameters; vmap leaves some turned.
            value.grad = gradients[name].contiguous()
        optimizer.step()
        return losses

    return step


def check(width, device, batches):
    """A cohort must train its first run as it is trained alone."""
    alone, together = single_step(width, device, False), cohort_step(width, 2, device, False)
    for tokens in batches[:3]:
        one, many = alone(tokens).item(), together(tokens)[0].item()
        if abs(one - many) > 1e-3:
            sys.exit(f"vmapped over runs the loss is {many}, alone {one}: the two do not train the same model")


def synchronize(device):
    if device == "cuda":
        torch.cuda.synchronize()


def turn(step, batches, read_every, steps, device):
    """Milliseconds of a step, over `steps` steps."""
    synchronize(device)
    started = time.perf_counter()
    for i in range(steps):
        loss = step(batches[i % BATCHES])
        if (i + 1) % read_every == 0:
            loss.tolist()
    synchronize(device)
    return 1000 * (time.perf_counter() - started) / steps


def warm_up(step, batches, device, least=3):
    """Compiles and warms up; returns the milliseconds of a step then."""
    for i in range(least):
        step(batches[i])
    return turn(step, batches, 1, 2, device)


def steps_for(seconds, milliseconds):
    return max(2, min(1000, round(1000 * seconds / milliseconds)))


def spread_of(samples):
    """As spread.ts: linear between the order statistics."""
    ordered = sorted(samples)

    def quantile(p):
        at = p * (len(ordered) - 1)
        below = math.floor(at)
        return ordered[below] + (at - below) * (ordered[math.ceil(at)] - ordered[below])

    return {"median": quantile(0.5), "lower": quantile(0.25), "upper": quantile(0.75), "samples": len(ordered)}


def training_flops(width):
    """As `trainingFlops` of src/model/shape.ts, for one step."""
    non_embedding = LAYERS * (12 * width * width + 2 * width) + width
    dense = 6 * (non_embedding + width * VOCABULARY)
    attention = 3 * LAYERS * 4 * width * ((CONTEXT + 1) / 2)
    return (dense + attention) * BATCH * CONTEXT


def tell(text):
    print(text, file=sys.stderr, flush=True)


def step_section(extent, device, batches, ways):
    rows = []
    for width in extent["widths"]:
        steppers = {}
        for name, compiled in zip(["PyTorch, eager", "PyTorch, compiled"], ways):
            tell(f"steps: width {width}, {name}")
            step = single_step(width, device, compiled)
            steppers[name] = (step, warm_up(step, batches, device))
        reads = {"every step": 1, "every ten": 10}
        samples = {(name, read): [] for name in steppers for read in reads}
        for _ in range(extent["turns"]):
            for name, read in samples:
                step, milliseconds = steppers[name]
                steps = 10 * math.ceil(steps_for(extent["seconds"], milliseconds) / 10)
                samples[name, read].append(turn(step, batches, reads[read], steps, device))
        for (name, read), times in samples.items():
            step = spread_of(times)
            rows.append(
                {
                    "contender": name,
                    "version": torch.__version__,
                    "width": width,
                    "reads": read,
                    "step": step,
                    "tokensPerSecond": 1000 * BATCH * CONTEXT / step["median"],
                    "gigaflops": training_flops(width) / step["median"] / 1e6,
                    "shareOfRoof": None,
                    "note": None,
                }
            )
    return {"rows": rows, "refusals": [], "comparison": []}


def cohort_section(extent, device, batches, ways):
    rows, skipped = [], []
    for name, compiled in zip(["PyTorch, vmapped", "PyTorch, vmapped and compiled"], ways):
        for width in extent["widths"]:
            steppers = {}
            for runs in extent["runs"]:
                if 1 in steppers and runs * steppers[1][1] > 1000 * LONGEST_STEP:
                    reason = f"a step would take more than {LONGEST_STEP:g} s"
                    skipped.append({"contender": name, "width": width, "runs": runs, "reason": reason})
                    continue
                tell(f"cohorts: width {width}, runs: {runs}, {name}")
                step = cohort_step(width, runs, device, compiled)
                steppers[runs] = (step, warm_up(step, batches, device))
            samples = {runs: [] for runs in steppers}
            for _ in range(extent["turns"]):
                for runs, (step, milliseconds) in steppers.items():
                    steps = steps_for(extent["seconds"], milliseconds)
                    samples[runs].append(turn(step, batches, steps, steps, device))
            for runs, times in samples.items():
                step = spread_of(times)
                ratio = spread_of([runs * alone / together for alone, together in zip(samples[1], times)])
                rows.append(
                    {
                        "contender": name,
                        "width": width,
                        "runs": runs,
                        "together": runs,
                        "step": step,
                        "runStepsPerSecond": 1000 * runs / step["median"],
                        "ratio": ratio,
                    }
                )
    return {"rows": rows, "skipped": skipped}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--only", choices=["steps", "cohorts"], help="one of the two sections")
    parser.add_argument("--no-compile", action="store_true", help="nothing compiled, which takes half a minute a size")
    parser.add_argument("--quick", action="store_true", help="few sizes and few repetitions")
    parser.add_argument("--out", help="file for the JSON, which is printed as well")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        parser.error("--device: there is no CUDA device here; use --device cpu.")

    # Each size compiles the same code once more; past its limit the compiler would silently leave it uncompiled.
    torch._dynamo.config.cache_size_limit = 256
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    batches = token_batches(options.device)
    check(32, options.device, batches)
    is_cuda = options.device == "cuda"
    # Whether the second way of each section, the compiled one, is measured as well.
    ways = [False] if options.no_compile else [False, True]
    sections = {
        "steps": lambda: step_section(QUICK if options.quick else FULL, options.device, batches, ways),
        "cohorts": lambda: cohort_section(QUICK_COHORTS if options.quick else FULL_COHORTS, options.device, batches, ways),
    }
    figures = {
        "host": {"version": f"PyTorch {torch.__version__}", "platform": f"{platform.system()} {platform.machine()}"},
        "device": torch.cuda.get_device_name() if is_cuda else f"CPU, {torch.get_num_threads()} threads",
        "quick": options.quick,
        "sections": {name: measure() for name, measure in sections.items() if options.only in (None, name)},
    }
    text = json.dumps(figures, indent=1)
    print(text)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
