/** A question in the page, beside what it is about, before something that cannot be taken back. */

import { button, element } from './dom';
import type { IWords } from './host';

/** What is asked, and what happens on yes. */
export interface IConfirmation {
  question: string;
  /** The button's words for yes. */
  action: string;
  words: IWords;
  signal: AbortSignal;
  confirmed(): void;
}

/** Ask at the end of `place`, in place of an earlier question there; Escape means no. */
export function confirmIn(place: HTMLElement, options: IConfirmation): void {
  const { question, action, words, signal, confirmed } = options;
  const before = document.activeElement;
  const box = element(
    'div',
    { class: 'mibyan-confirm', role: 'alertdialog', 'aria-label': question, dir: 'auto' },
    element('span', { class: 'mibyan-confirm-question' }, question)
  );
  const close = () => {
    box.remove();
    if (before instanceof HTMLElement) {
      before.focus({ preventScroll: true });
    }
  };
  const yes = () => {
    close();
    confirmed();
  };
  const cancel = button({ label: words.__('Cancel'), action: 'cancel', signal, press: close });
  const confirm = { label: action, action: 'confirm', class: 'mibyan-primary' };
  box.append(
    element('div', { class: 'mibyan-choices' }, button({ ...confirm, signal, press: yes }), cancel)
  );
  box.addEventListener('keydown', event => event.key === 'Escape' && close(), { signal });
  place.querySelector(':scope > .mibyan-confirm')?.remove();
  place.append(box);
  cancel.focus();
  box.scrollIntoView({ block: 'nearest' });
}
