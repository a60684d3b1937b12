/** How a button with an icon shows that it has worked, or not. */

import { icon } from './icons';
import type { IconName } from './icons';
import { later } from './lifetime';

const SHOWN = 1500;

/** Show `result` and the tip `said` on a button for a moment, in place of its icon and its tip. */
export function flash(
  button: HTMLButtonElement,
  result: IconName,
  said: string,
  signal: AbortSignal
): void {
  const [own, earlier] = button.querySelectorAll('svg');
  const shown = icon(result);
  earlier?.remove();
  own?.setAttribute('display', 'none');
  button.append(shown);
  button.title = said;
  later(signal, SHOWN, () => {
    if (shown.parentNode === button) {
      shown.remove();
      own?.removeAttribute('display');
      button.title = button.getAttribute('aria-label') ?? '';
    }
  });
}
