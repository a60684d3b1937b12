/** A line that counts down to the moment when a refused request goes out again. */

import { element } from './dom';
import type { IWords } from './host';
import { later } from './lifetime';
import type { IChatTurn } from './protocol';

const SECOND = 1000;

/** Counts from now until it leaves the page or `signal` is aborted. */
export function countdown(
  { seconds, why }: NonNullable<IChatTurn['retrying']>,
  words: IWords,
  signal: AbortSignal
): HTMLElement {
  const line = element('span', { class: 'mibyan-quiet', dir: 'auto' });
  const end = performance.now() + seconds * SECOND;
  const tick = () => {
    const left = Math.max(Math.ceil((end - performance.now()) / SECOND), 0);
    line.textContent = words.__('%1. Asking again in %2 s …', why, left);
    if (left > 0) {
      later(signal, SECOND, () => line.isConnected && tick());
    }
  };
  tick();
  return line;
}
