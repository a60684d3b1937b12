/** What a panel without a conversation says: how to begin, and what goes along. */

import { modeMeaning } from './contextControl';
import { button, element } from './dom';
import { faultOf } from './faults';
import type { IPanel } from './panel';
import type { IHeader } from './protocol';

export class EmptyState {
  /** How a conversation begins; one whose kernel has died can go on, if the user wants. */
  readonly node = element('div', { class: 'mibyan-empty', hidden: true });
  #along = element('p', { class: 'mibyan-quiet' });
  #resume: HTMLButtonElement;

  constructor(
    private readonly panel: IPanel,
    fill: (text: string) => void
  ) {
    const { words, signal } = panel;
    const examples = [
      words.__('What does this notebook do, step by step?'),
      words.__('Why did this fail, and how do I fix it? @error'),
      words.__('How do I plot a histogram with a logarithmic axis?')
    ];
    const buttons = examples.map(label => button({ label, signal, press: () => fill(label) }));
    const items = buttons.map(each => element('li', {}, each));
    const keys = words.__('Type @ to mention a variable, a cell or the error, / for commands.');
    this.#resume = button({
      label: '',
      class: 'mibyan-primary',
      action: 'resume',
      signal,
      press: () =>
        panel.command('resume').catch((error: unknown) => panel.showFault(faultOf(error)))
    });
    this.node.append(
      this.#resume,
      element('p', { class: 'mibyan-empty-title' }, words.__('Ask about this notebook')),
      element('ul', { class: 'mibyan-examples' }, ...items),
      this.#along,
      element('p', { class: 'mibyan-quiet' }, keys)
    );
  }

  update(header: IHeader, shown: boolean): void {
    const { words } = this.panel;
    if (!shown && this.node.contains(document.activeElement)) {
      this.panel.focusBox();
    }
    this.node.hidden = !shown;
    const turns = header.resumable;
    this.#resume.hidden = turns === 0;
    this.#resume.textContent = words._n('Resume (%1 turn)', 'Resume (%1 turns)', turns);
    const where = header.local
      ? words.__('It does not leave this machine.')
      : words.__('It is sent to %1.', header.server);
    const meaning = modeMeaning(header.context, words);
    this.#along.textContent = header.context === 'none' ? meaning : `${meaning} ${where}`;
  }
}
