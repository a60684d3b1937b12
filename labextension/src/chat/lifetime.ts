/** Timers that end with the panel. */

/** Call `run` after so many milliseconds, unless `signal` is aborted before; returns how to cancel. */
export function later(
  signal: AbortSignal,
  milliseconds: number,
  run: () => void
): () => void {
  const cancel = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  };
  const timer = setTimeout(() => {
    cancel();
    run();
  }, milliseconds);
  signal.addEventListener('abort', cancel);
  return cancel;
}
