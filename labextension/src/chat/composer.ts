/** The box that questions and commands are typed in, and what goes along with them. */

import type { Cards } from './cards';
import { Completion } from './completion';
import { ContextControl } from './contextControl';
import type { IConversation } from './conversation';
import { button, element } from './dom';
import { NO_ANSWER, faultOf } from './faults';
import { faultView } from './faultView';
import type { IconName } from './icons';
import { later } from './lifetime';
import { isType } from './messages';
import type { IPanel } from './panel';
import type { IFault } from './protocol';
import { Recall } from './recall';
import { newRequestId } from './requests';
import { fitToText, fitToWidth, isSendKey } from './textBox';

const DRAFT_DELAY = 300;

export class Composer {
  readonly node = element('div', { class: 'mibyan-composer' });
  #box: HTMLTextAreaElement;
  #fault = element('div');
  #send: HTMLButtonElement;
  #stop: HTMLButtonElement;
  #context: ContextControl;
  #completion: Completion;
  #recall: Recall;
  #sending = false;
  #sent: string[] = [];
  /** What the kernel has not answered yet: sending it again repeats that request. */
  #unanswered: { text: string; id: string } | null = null;
  #running: string | null = null;
  #cancelDraft: () => void = () => undefined;

  constructor(
    private readonly panel: IPanel,
    private readonly cards: Pick<Cards, 'preview' | 'closePreview'>
  ) {
    const { words, host } = panel;
    this.#box = element('textarea', {
      class: 'mibyan-text',
      rows: '1',
      placeholder: words.__('Ask a question'),
      'aria-label': words.__('Your question'),
      'aria-autocomplete': 'list'
    });
    this.#completion = new Completion(panel, this.#box);
    this.#context = new ContextControl(panel);
    this.#recall = new Recall(() => this.#earlierQuestions());
    this.#send = this.#button('send', words.__('Send'), () => void this.#submit());
    this.#stop = this.#button('stop', words.__('Stop the answer'), () => this.#stopRunning());
    this.#stop.hidden = true;
    this.#listen();
    this.#nameSend();
    this.#build();
    this.#put(host.loadDraft());
  }

  update({ header, turns }: IConversation): void {
    this.#context.update(header);
    this.#running = turns.find(turn => turn.status === 'running')?.id ?? null;
    if (this.#running === null && document.activeElement === this.#stop) {
      this.focus();
    }
    this.#stop.hidden = this.#running === null;
  }

  focus(): void {
    this.#box.focus();
  }

  /** Put text into the box, for the user to read and send; what was there goes to its end. */
  fill(text: string): void {
    const before = this.#box.value.trim();
    this.#put(before && before !== text ? `${text}\n\n${before}` : text);
    this.focus();
  }

  /** Send `text` past the box; where that fails the text is put into it. Whether it was taken. */
  async send(text: string): Promise<boolean> {
    this.showFault(null);
    try {
      await this.#toKernel(text, newRequestId());
      return true;
    } catch (error) {
      this.fill(text);
      this.showFault(faultOf(error));
      return false;
    }
  }

  showFault(fault: IFault | null): void {
    const { host, signal } = this.panel;
    this.#fault.replaceChildren(...(fault ? [faultView(fault, host, signal)] : []));
  }

  #nameSend(): void {
    const { words, host } = this.panel;
    const key = host.preferences.enterSends ? 'Enter' : 'Shift+Enter';
    this.#send.title = words.__('Send (%1)', key);
  }

  #button(name: IconName, label: string, press: () => void): HTMLButtonElement {
    return button({ label, icon: name, class: `mibyan-${name}`, signal: this.panel.signal, press });
  }

  #listen(): void {
    const { signal, host } = this.panel;
    this.#box.addEventListener('keydown', event => this.#key(event), { signal });
    this.#box.addEventListener('input', () => this.#edited(), { signal });
    fitToWidth(this.#box, signal);
    signal.addEventListener('abort', host.onPreferences(() => this.#nameSend()));
    signal.addEventListener('abort', () => host.saveDraft(draftOf(this.#box.value)));
  }

  #build(): void {
    const { words } = this.panel;
    const label = words.__('Preview what would be sent');
    const preview = this.#button('eye', label, () => void this.#preview(preview));
    const pressed = ({ key }: KeyboardEvent) => key === 'Escape' && this.cards.closePreview();
    preview.addEventListener('keydown', pressed, { signal: this.panel.signal });
    const row = element(
      'div',
      { class: 'mibyan-box-row' },
      this.#context.node,
      preview,
      element('span', { class: 'mibyan-space' }),
      this.#stop,
      this.#send
    );
    const box = element('div', { class: 'mibyan-box' }, this.#box, row);
    this.node.append(this.#fault, this.#completion.node, box);
  }

  #key(event: KeyboardEvent): void {
    if (this.#completion.takeKey(event)) {
      return;
    }
    if (isSendKey(event, this.panel.host.preferences)) {
      event.preventDefault();
      void this.#submit();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      this.#recallBy(event);
    }
  }

  #recallBy(event: KeyboardEvent): void {
    if (event.isComposing || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const text = this.#box.value;
    const shown = this.#recall.isShowing(text);
    const up = event.key === 'ArrowUp';
    if (!shown && !(up && this.#isInFirstLine())) {
      return;
    }
    const found = up ? this.#recall.older(text) : this.#recall.newer(text);
    if (found !== null) {
      event.preventDefault();
      this.#put(found);
    }
  }

  /** Where the arrow has nowhere else to go: an empty box, its start, or its only line. */
  #isInFirstLine(): boolean {
    const { value, selectionStart, selectionEnd } = this.#box;
    if (selectionStart !== selectionEnd) {
      return false;
    }
    const oneLine = !value.includes('\n') && !this.#isWrapped();
    return selectionStart === 0 || oneLine;
  }

  #isWrapped(): boolean {
    const lineHeight = parseFloat(getComputedStyle(this.#box).lineHeight);
    return this.#box.clientHeight > 2 * lineHeight;
  }

  #earlierQuestions(): string[] {
    const turns = this.panel.model.conversation?.turns ?? [];
    const all = [...turns.map(turn => turn.prompt), ...this.#sent];
    return [...new Set(all.reverse())].reverse();
  }

  async #submit(): Promise<void> {
    const text = this.#box.value.trimEnd();
    if (text === '' || this.#sending) {
      return;
    }
    this.#completion.close();
    this.showFault(null);
    this.#setSending(true);
    const id = this.#unanswered?.text === text ? this.#unanswered.id : newRequestId();
    this.#unanswered = { text, id };
    try {
      await this.#toKernel(text, id);
      this.#taken(text);
    } catch (error) {
      const fault = faultOf(error);
      if (fault.code !== NO_ANSWER) {
        this.#unanswered = null;
      }
      this.showFault(fault);
    }
    this.#setSending(false);
  }

  #toKernel(text: string, id: string): Promise<void> {
    const late = () => this.#taken(text);
    return text.startsWith('/')
      ? this.panel.command(text.slice(1), { id, late })
      : this.panel.ask(text, { id, late });
  }

  /** The kernel has it: it leaves the box, unless something else is there by now. */
  #taken(text: string): void {
    this.#unanswered = null;
    this.#sent.push(text);
    if (this.#box.value.trimEnd() === text) {
      this.showFault(null);
      this.#put('');
    }
  }

  #setSending(sending: boolean): void {
    this.#sending = sending;
    this.#box.readOnly = sending;
    this.#send.setAttribute('aria-disabled', String(sending));
    this.node.classList.toggle('mibyan-sending', sending);
  }

  #put(text: string): void {
    this.#box.value = text;
    this.#box.setSelectionRange(text.length, text.length);
    this.#edited();
  }

  #edited(): void {
    const { value } = this.#box;
    // An empty box shows its placeholder, which has the panel's own direction.
    this.#box.dir = value === '' ? '' : 'auto';
    fitToText(this.#box);
    const { host, signal } = this.panel;
    this.#cancelDraft();
    this.#cancelDraft = later(signal, value === '' ? 0 : DRAFT_DELAY, () => host.saveDraft(draftOf(value)));
  }

  #stopRunning(): void {
    if (this.#running !== null) {
      const turn = this.#running;
      this.panel.model
        .request('stop', { turn })
        .catch((error: unknown) => this.showFault(faultOf(error)));
      this.focus();
    }
  }

  async #preview(opener: HTMLElement): Promise<void> {
    this.showFault(null);
    try {
      const prompt = this.#box.value.trimEnd();
      const answer = await this.panel.model.request('preview', { prompt });
      if (isType(answer, 'receipt')) {
        this.cards.preview(answer, opener);
      }
    } catch (error) {
      this.showFault(faultOf(error));
    }
  }
}

/** What is kept of the box; a key that somebody types behind `/login` is not. */
function draftOf(text: string): string {
  return text.trimStart().startsWith('/login') ? '' : text;
}
