/** Node has no screen, and what a file leaves to be drawn comes while the next one of its worker runs. */
globalThis.requestAnimationFrame ??= (draw) => Number(setTimeout(() => draw(performance.now())));
