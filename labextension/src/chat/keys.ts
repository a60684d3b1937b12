/** Keys pressed in an element that lies inside a notebook. */

const MARK = 'data-lm-suppress-shortcuts';

/**
 * Keep every key pressed inside `element` from the notebook around it: Shift+Enter must not run
 * the cell, nor "d d" delete it.
 *
 * Lumino looks for the mark from the focused element upwards, but asks of each element first
 * whether a shortcut is meant for it, and a notebook's are meant for whatever has the focus. So
 * the mark has to be on that too.
 */
export function keepKeys(element: HTMLElement, signal: AbortSignal): void {
  element.setAttribute(MARK, 'true');
  const mark = ({ target }: FocusEvent) => {
    if (target instanceof Element) {
      target.setAttribute(MARK, 'true');
    }
  };
  element.addEventListener('focusin', mark, { signal });
  element.addEventListener('keydown', event => event.stopPropagation(), { signal });
}
