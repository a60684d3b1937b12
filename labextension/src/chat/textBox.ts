/** How a box for text behaves: it grows with its text, and one key sends. */

import type { IPreferences } from './host';

/** Make the box as high as its text; the style sheet bounds it. */
export function fitToText(box: HTMLTextAreaElement): void {
  box.style.height = 'auto';
  if (box.scrollHeight > 0) {
    const border = box.offsetHeight - box.clientHeight;
    box.style.height = `${box.scrollHeight + border}px`;
  }
}

/** Fit the box anew when it becomes narrower or wider, or appears. */
export function fitToWidth(box: HTMLTextAreaElement, signal: AbortSignal): void {
  if (!('ResizeObserver' in globalThis)) {
    return;
  }
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (box.clientWidth !== width) {
      width = box.clientWidth;
      fitToText(box);
    }
  });
  observer.observe(box);
  signal.addEventListener('abort', () => observer.disconnect());
}

/** Whether a key means "send"; never while an input method composes, whose Enter accepts a word. */
export function isSendKey(event: KeyboardEvent, preferences: IPreferences): boolean {
  // Safari ends the composition before it tells of the Enter that ended it: keyCode 229.
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) {
    return false;
  }
  if (event.ctrlKey || event.metaKey) {
    return true;
  }
  return event.shiftKey !== preferences.enterSends && !event.altKey;
}
