/** The box in which a question that was asked is changed, and asked instead. */

import { confirmIn } from './confirm';
import { button, element } from './dom';
import type { IPanel } from './panel';
import { fitToText, isSendKey } from './textBox';

/** What the editor is for. */
export interface IEditing {
  /** The question as it was asked. */
  prompt: string;
  /** How many later turns are forgotten with it. */
  forgotten(): number;
  /** The user has confirmed the new question. */
  confirmed(prompt: string): void;
  /** The user wants to leave the question as it is. */
  cancelled(): void;
}

export class QuestionEditor {
  readonly node: HTMLElement;
  #box: HTMLTextAreaElement;

  constructor(
    private readonly panel: IPanel,
    private readonly editing: IEditing
  ) {
    const { words, signal } = panel;
    this.#box = element('textarea', {
      class: 'mibyan-text',
      dir: 'auto',
      rows: '1',
      'aria-label': words.__('Edit the question')
    });
    this.#box.value = editing.prompt;
    this.#box.addEventListener('keydown', event => this.#key(event), { signal });
    this.#box.addEventListener('input', () => fitToText(this.#box), { signal });
    const submit = () => this.#submit();
    const ask = { label: words.__('Ask this instead'), class: 'mibyan-primary' };
    const cancel = { label: words.__('Cancel'), press: () => editing.cancelled() };
    this.node = element(
      'div',
      { class: 'mibyan-editor' },
      this.#box,
      element(
        'div',
        { class: 'mibyan-buttons' },
        button({ ...ask, signal, press: submit }),
        button({ ...cancel, signal })
      )
    );
  }

  focus(): void {
    fitToText(this.#box);
    this.#box.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) {
      this.editing.cancelled();
    } else if (isSendKey(event, this.panel.host.preferences)) {
      event.preventDefault();
      this.#submit();
    }
  }

  #submit(): void {
    const prompt = this.#box.value.trimEnd();
    if (prompt === '') {
      return;
    }
    const { words, signal } = this.panel;
    confirmIn(this.node, {
      question: this.#warning(),
      action: words.__('Forget and ask'),
      words,
      signal,
      confirmed: () => this.editing.confirmed(prompt)
    });
  }

  #warning(): string {
    const { words } = this.panel;
    const forgotten = this.editing.forgotten();
    return forgotten === 0
      ? words.__('This forgets the answer.')
      : words._n(
          'This forgets the answer, and the %1 turn after it.',
          'This forgets the answer, and the %1 turns after it.',
          forgotten
        );
  }
}
