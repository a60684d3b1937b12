/** What a request sent, or would send: the receipt behind "why". */

import { element } from './dom';
import type { IWords } from './host';
import type { IReceipt } from './protocol';

type Item = IReceipt['items'][number];
type Message = IReceipt['messages'][number];

/** What went along stands before the question that it went along with. */
const CONTEXT = /^<notebook-context (\w+)>[^]*?<\/notebook-context \1>/;
/** More characters than a line can show. */
const LINE = 200;

/** The receipt, all of it as text. */
export function receiptView(receipt: IReceipt, words: IWords): HTMLElement {
  const view = element('div', { class: 'mibyan-receipt' });
  view.append(
    receipt.items.length > 0
      ? itemTable(receipt.items, words)
      : paragraph(words.__('Nothing of the notebook goes along.')),
    ...facts(receipt, words).map(paragraph),
    ...messageViews(receipt.messages, words)
  );
  return view;
}

/** The question in hand, then what was sent before it, in its order. */
function messageViews(messages: Message[], words: IWords): HTMLElement[] {
  const before = [...messages];
  const own = before.at(-1)?.role === 'user' ? before.pop() : undefined;
  return [
    ...(own ? [messageView(own, words.__('This question'), words)] : []),
    ...before.map(message => messageView(message, roleWords(message.role, words), words))
  ];
}

function itemTable(items: Item[], words: IWords): HTMLElement {
  const body = element('tbody', {}, ...items.map(item => itemRow(item, words)));
  const head = [words.__('From the notebook'), words.__('tokens'), ''];
  return element(
    'table',
    { class: 'mibyan-receipt-items' },
    element(
      'thead',
      {},
      element('tr', {}, ...head.map(text => element('th', { scope: 'col' }, text)))
    ),
    body
  );
}

function itemRow(item: Item, words: IWords): HTMLElement {
  const why = item.why ? element('div', { class: 'mibyan-quiet', dir: 'auto' }, item.why) : '';
  return element(
    'tr',
    { class: item.included === 'left out' ? 'mibyan-left-out' : undefined },
    element('td', { dir: 'auto' }, item.source, why),
    element('td', { class: 'mibyan-number' }, item.tokens.toLocaleString()),
    element('td', {}, includedWords(item.included, words))
  );
}

function includedWords(included: Item['included'], words: IWords): string {
  switch (included) {
    case 'whole':
      return words.__('whole');
    case 'partial':
      return words.__('in part');
    case 'left out':
      return words.__('left out');
  }
}

function facts(receipt: IReceipt, words: IWords): string[] {
  const redacted = Object.entries(receipt.redactions)
    .map(([kind, count]) => `${kind} × ${count}`)
    .join(', ');
  return [
    receipt.level ? words.__('Privacy: %1', receipt.level) : '',
    redacted ? words.__('Redacted: %1', redacted) : '',
    ...receipt.notes
  ].filter(text => text !== '');
}

function messageView({ content }: Message, name: string, words: IWords): HTMLElement {
  const size = words.__('%1 characters', content.length.toLocaleString());
  const start = content.replace(CONTEXT, '').trim().slice(0, LINE).replace(/\s+/g, ' ');
  return element(
    'details',
    { class: 'mibyan-sent' },
    element(
      'summary',
      {},
      element(
        'span',
        { class: 'mibyan-sent-line' },
        element('span', {}, `${name}: `),
        element('bdi', {}, start),
        element('span', { class: 'mibyan-quiet' }, ` · ${size}`)
      )
    ),
    element('pre', { dir: 'auto', tabindex: '0' }, content)
  );
}

function roleWords(role: string, words: IWords): string {
  switch (role) {
    case 'system':
      return words.__('System message');
    case 'user':
      return words.__('Question');
    case 'assistant':
      return words.__('Answer');
    default:
      return role;
  }
}

function paragraph(text: string): HTMLElement {
  return element('p', { class: 'mibyan-quiet', dir: 'auto' }, text);
}
