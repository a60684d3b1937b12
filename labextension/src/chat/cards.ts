/** What commands answer: cards below the conversation, each of which can be put away. */

import { CutSides } from './cutSides';
import { button, element } from './dom';
import { loginButton } from './faultView';
import type { IPanel } from './panel';
import { receiptView } from './receiptView';
import type { IReceipt, Reply } from './protocol';

type TableReply = Extract<Reply, { type: 'table' }>;

/** A column with no longer text, in characters, is not wrapped. */
const SHORT_TEXT = 16;
/** A longer word, in characters, may break: it would make the whole table wider. */
const LONG_WORD = /\S{15}/;

export class Cards {
  readonly node = element('div', { class: 'mibyan-cards' });
  #cut: CutSides;
  #preview: HTMLElement | null = null;
  #opener: HTMLElement | undefined;

  /** `shown` is called with each new card, which is the last. */
  constructor(
    private readonly panel: IPanel,
    private readonly shown: (card: HTMLElement) => void
  ) {
    this.#cut = new CutSides(this.node, panel.signal);
  }

  clear(): void {
    this.#remove(...this.node.children);
  }

  notice(text: string): void {
    this.#show('', element('div', { class: 'mibyan-notice', dir: 'auto' }, text));
  }

  table(reply: TableReply): void {
    const { columns, rows } = reply;
    const isShort = (column: number) =>
      [columns, ...rows].every(cells => (cells[column] ?? '').length <= SHORT_TEXT);
    const wrapping = (text: string, column: number) =>
      LONG_WORD.test(text) ? 'mibyan-breaks' : isShort(column) ? 'mibyan-short' : undefined;
    const row = (cells: string[], tag: 'th' | 'td') =>
      element(
        'tr',
        {},
        ...cells.map((text, column) =>
          element(tag, { dir: 'auto', class: wrapping(text, column) }, text)
        )
      );
    const table = element('table', { class: 'mibyan-rows' });
    if (columns.length > 0) {
      table.append(element('thead', {}, row(columns, 'th')));
    }
    table.append(element('tbody', {}, ...rows.map(cells => row(cells, 'td'))));
    this.#show(reply.title, element('div', { class: 'mibyan-wide' }, table));
  }

  /** The conversation is forgotten, and can be brought back. */
  forgotten(undo: () => void): void {
    const { words, signal } = this.panel;
    const card = this.#show(
      '',
      element('div', { class: 'mibyan-notice' }, words.__('The conversation is forgotten.')),
      button({
        label: words.__('Undo'),
        action: 'undo',
        signal,
        press: () => {
          this.#remove(card);
          undo();
        }
      })
    );
  }

  /** A key is typed in a cell, where it is not seen. */
  login(): void {
    const { words, host, signal } = this.panel;
    const insert = loginButton(host, signal);
    const text = insert
      ? words.__('A key is typed in a cell, unseen; never here.')
      : words.__('A key is typed in a cell, unseen; never here. Run %mibyan login there.');
    this.#show('', element('div', { class: 'mibyan-notice' }, text), ...(insert ? [insert] : []));
  }

  /** One at a time; `opener` is the button that asked for it, if one did. */
  preview(receipt: IReceipt, opener?: HTMLElement): void {
    const { words } = this.panel;
    this.closePreview();
    const title = words.__('What asking this now would send');
    this.#preview = this.#show(title, receiptView(receipt, words));
    this.#opener = opener;
  }

  closePreview(): void {
    if (this.#preview?.isConnected) {
      this.#remove(this.#preview);
    }
  }

  #show(title: string, ...content: HTMLElement[]): HTMLElement {
    const { words, signal } = this.panel;
    const card = element('section', { class: 'mibyan-card' });
    const close = button({
      label: words.__('Dismiss'),
      icon: 'close',
      class: 'mibyan-dismiss',
      signal,
      press: () => this.#remove(card)
    });
    const heading = title ? [element('div', { class: 'mibyan-card-title', dir: 'auto' }, title)] : [];
    card.addEventListener('keydown', event => event.key === 'Escape' && this.#remove(card), { signal });
    card.append(...heading, ...content, close);
    this.node.append(card);
    this.#cut.watch(card);
    this.panel.announce([title, content[0]?.textContent ?? ''].join(' ').trim().slice(0, 300));
    this.shown(card);
    return card;
  }

  /** Take cards away; from within, the focus goes to a preview's opener, else to the box. */
  #remove(...cards: Element[]): void {
    const had = cards.some(card => card.contains(document.activeElement));
    for (const card of cards) {
      this.#cut.unwatch(card);
      card.remove();
    }
    if (had && this.#opener && this.#preview && cards.includes(this.#preview)) {
      this.#opener.focus();
    } else if (had) {
      this.panel.focusBox();
    }
  }
}
