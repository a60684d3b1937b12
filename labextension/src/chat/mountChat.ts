/** Puts the parts of a panel together. */

import { Cards } from './cards';
import { ChatModel } from './chatModel';
import { Composer } from './composer';
import type { IConversation } from './conversation';
import { button, element } from './dom';
import { EmptyState } from './emptyState';
import { faultView } from './faultView';
import { faultOf } from './faults';
import { Head } from './head';
import type { IChatHost, ITransport, IWords } from './host';
import { icon } from './icons';
import type { Answered } from './messages';
import type { IPanel } from './panel';
import type { IFault } from './protocol';
import type { IRequestOptions } from './requests';
import { Scrolling } from './scrolling';
import { TurnList } from './turnList';
import { directionOf } from './words';

/** A mounted panel. */
export interface IChat {
  /** Ask; where that fails the text is put into the box. Whether the kernel has taken it. */
  ask(text: string): Promise<boolean>;
  /** Run a command as typed behind `/`; otherwise as `ask`. */
  command(line: string): Promise<boolean>;
  /** Put text into the box, for the user to read and send. */
  fill(text: string): void;
  /** Put the cursor into the box. */
  focus(): void;
  /** Take the panel off the page, and end all that it does. */
  dispose(): void;
}

/** Show the kernel's session behind `transport` in `el`. */
export function mountChat(el: HTMLElement, transport: ITransport, host: IChatHost): IChat {
  const panel = new Panel(transport, host);
  el.append(panel.node);
  return {
    ask: text => panel.composer.send(text),
    command: line => panel.composer.send(`/${line}`),
    fill: text => panel.composer.fill(text),
    focus: () => panel.composer.focus(),
    dispose: () => panel.dispose()
  };
}

class Panel implements IPanel {
  readonly words: IWords;
  readonly signal: AbortSignal;
  readonly model: ChatModel;
  readonly composer: Composer;
  readonly node: HTMLElement;
  #lifetime = new AbortController();
  #live = element('div', { class: 'mibyan-unseen', 'aria-live': 'polite' });
  #connecting = element('div', { class: 'mibyan-connecting' });
  #head: Head;
  #list: TurnList;
  #empty: EmptyState;
  #cards: Cards;
  #scrolling: Scrolling;
  #drawn: IConversation | null = null;
  #frame: number | null = null;

  constructor(
    transport: ITransport,
    readonly host: IChatHost
  ) {
    this.words = host.words;
    this.signal = this.#lifetime.signal;
    this.model = new ChatModel(transport);
    this.#head = new Head(this);
    this.#list = new TurnList(this);
    this.#cards = new Cards(this, card => this.#scrolling.reveal(card));
    this.composer = new Composer(this, this.#cards);
    this.#empty = new EmptyState(this, text => this.composer.fill(text));
    const content = element('div', { class: 'mibyan-content' });
    const scroller = element('div', { class: 'mibyan-scroll' }, content);
    const pill = element('button', { type: 'button', class: 'mibyan-pill' });
    pill.append(this.words.__('New text'), icon('down'));
    content.append(this.#connecting, this.#empty.node, this.#list.node, this.#cards.node);
    this.#scrolling = new Scrolling(scroller, content, pill, this.signal);
    const middle = element('div', { class: 'mibyan-middle' }, scroller, pill);
    this.node = element(
      'section',
      {
        class: 'mibyan-chat',
        'aria-label': this.words.__('Mibyan chat'),
        dir: directionOf(this.words)
      },
      this.#head.node,
      middle,
      this.composer.node,
      this.#live
    );
    this.model.onChange(() => this.#schedule());
    this.#draw();
  }

  announce(text: string): void {
    if (text !== '') {
      this.#live.replaceChildren(element('div', {}, text));
    }
  }

  notice(text: string): void {
    this.#cards.notice(text);
  }

  showFault(fault: IFault | null): void {
    this.composer.showFault(fault);
  }

  focusBox(): void {
    this.composer.focus();
  }

  async ask(prompt: string, options?: IRequestOptions): Promise<void> {
    await this.model.request('ask', { prompt }, options);
    this.#cards.clear();
    this.#scrolling.toEnd();
  }

  async command(line: string, options?: IRequestOptions): Promise<void> {
    const answer = await this.model.request('command', { line }, options);
    this.#show(answer, line);
  }

  dispose(): void {
    this.#lifetime.abort();
    this.model.dispose();
    if (this.#frame !== null) {
      cancelAnimationFrame(this.#frame);
    }
    this.node.remove();
  }

  #show(answer: Answered, line: string): void {
    switch (answer.type) {
      case 'notice':
        if (line.trim() === 'reset') {
          this.#cards.clear();
          this.#cards.forgotten(() => this.#undoReset());
        } else {
          this.#cards.notice(answer.text);
        }
        break;
      case 'table':
        this.#cards.table(answer);
        break;
      case 'receipt':
        this.#cards.preview(answer);
        break;
      case 'login':
        this.#cards.login();
        break;
      default:
        this.#cards.clear(); // it asks
        this.#scrolling.toEnd();
    }
  }

  #undoReset(): void {
    this.command('reset --undo').catch((error: unknown) => this.showFault(faultOf(error)));
  }

  /** Draw before the next frame, however many messages come until then. */
  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  #draw(): void {
    const { conversation, fault } = this.model;
    this.#connecting.hidden = conversation !== null;
    if (!conversation) {
      this.#drawConnecting(fault);
      return;
    }
    const before = this.#drawn;
    if (conversation === before) {
      return;
    }
    this.#drawn = conversation;
    this.#head.update(conversation.header);
    this.#empty.update(conversation.header, conversation.turns.length === 0);
    this.#list.update(conversation.turns);
    this.composer.update(conversation);
    if (hasNewText(before, conversation)) {
      this.#scrolling.grown();
    }
  }

  #drawConnecting(fault: IFault | null): void {
    const again = button({
      label: this.words.__('Try again'),
      signal: this.signal,
      press: () => {
        this.model.refresh();
        this.focusBox();
      }
    });
    this.#connecting.replaceChildren(
      fault
        ? faultView(fault, this.host, this.signal, again)
        : element('p', { class: 'mibyan-quiet' }, this.words.__('Connecting to the kernel…'))
    );
  }
}

function hasNewText(before: IConversation | null, now: IConversation): boolean {
  const known = new Set(before?.turns);
  return now.turns.some(turn => turn.status === 'running' && !known.has(turn)) ||
    now.turns.length > known.size;
}
