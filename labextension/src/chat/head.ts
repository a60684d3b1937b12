/** The panel's head: the model, where text goes, the key's state, and the whole conversation's actions. */

import { button, element, factLine, refill } from './dom';
import { faultOf } from './faults';
import { loginButton } from './faultView';
import type { IconName } from './icons';
import { isType } from './messages';
import type { IPanel } from './panel';
import { Popover } from './popover';
import type { IHeader } from './protocol';
import { toolbar } from './toolbar';
import { tokenWords } from './turnWords';

/** The conversation as the kernel writes it, by suffix. */
const EXPORTS = ['html', 'md', 'ipynb'] as const;

export class Head {
  readonly node = element('header', { class: 'mibyan-head' });
  #text = element('div', { class: 'mibyan-head-text' });
  #actions = element('div', { class: 'mibyan-head-actions' });
  #keyBar = element('div', { class: 'mibyan-key-bar', hidden: true });
  #troubleBar = element('div', { class: 'mibyan-trouble-bar', hidden: true });
  /** The trouble that was told last, put away or not. */
  #trouble = '';
  #header: IHeader | null = null;
  /** What the buttons depend on, as they were drawn. */
  #drawn = '';

  constructor(private readonly panel: IPanel) {
    const line = element(
      'div',
      { class: 'mibyan-head-line' },
      this.#text,
      this.#actions
    );
    this.node.append(line, this.#keyBar, this.#troubleBar);
  }

  update(header: IHeader): void {
    if (header === this.#header) {
      return;
    }
    this.#header = header;
    this.#text.title = header.key_origin;
    this.#text.replaceChildren(
      element('bdi', { class: 'mibyan-model' }, header.model),
      factLine('mibyan-head-facts', this.#facts(header))
    );
    this.#tellTrouble(header.journal_trouble);
    const commands = new Set(header.commands.map(command => command.name));
    const key = [header.key, ...commands].join(' ');
    if (key !== this.#drawn) {
      this.#drawn = key;
      this.#drawKeyBar(header.key, commands);
      this.#drawActions(commands);
    }
  }

  #facts(header: IHeader): string[] {
    const { words } = this.panel;
    return [
      header.local ? words.__('this machine') : header.server,
      header.key === 'set' ? words.__('key set') : '',
      header.tokens ? tokenWords(header.tokens, header.tokens_estimated, words) : ''
    ];
  }

  #drawKeyBar(key: IHeader['key'], commands: Set<string>): void {
    const { words, host, signal } = this.panel;
    const hidden = key !== 'missing';
    if (hidden && this.#keyBar.contains(document.activeElement)) {
      this.panel.focusBox();
    }
    this.#keyBar.hidden = hidden;
    const insert = loginButton(host, signal);
    const demo = button({
      label: words.__('Try the offline demo'),
      action: 'demo',
      signal,
      press: () => this.#command('demo')
    });
    const text = insert
      ? words.__('No key is set.')
      : words.__('No key is set: run %mibyan login in a cell.');
    refill(
      this.#keyBar,
      element('span', {}, text),
      ...(insert ? [insert] : []),
      ...(commands.has('demo') ? [demo] : [])
    );
  }

  /** Once: what was put away comes back only as another trouble. */
  #tellTrouble(trouble: string): void {
    if (trouble === this.#trouble) {
      return;
    }
    this.#trouble = trouble;
    this.#troubleBar.hidden = trouble === '';
    const { words, signal } = this.panel;
    const text = words.__('The conversation is not kept on disk: %1.', trouble);
    const putAway = button({
      label: words.__('Dismiss'),
      icon: 'close',
      signal,
      press: () => {
        this.#troubleBar.hidden = true;
        this.panel.focusBox();
      }
    });
    this.#troubleBar.replaceChildren(element('span', { dir: 'auto' }, text), putAway);
    this.panel.announce(trouble && text);
  }

  #drawActions(commands: Set<string>): void {
    const { words, host, signal } = this.panel;
    const buttons: HTMLElement[] = [];
    if (commands.has('reset')) {
      buttons.push(this.#button('new', words.__('New chat'), () => this.#command('reset')));
    }
    if (commands.has('export')) {
      buttons.push(this.#exportMenu());
    }
    if (host.keep) {
      buttons.push(this.#button('keep', words.__('Keep in notebook'), () => void this.#keep()));
    }
    if (host.openSettings) {
      const open = () => host.openSettings?.();
      buttons.push(this.#button('settings', words.__('Settings'), open));
    }
    refill(this.#actions, toolbar(words.__('Conversation'), buttons, signal));
  }

  #exportMenu(): HTMLElement {
    const { words, signal } = this.panel;
    const labels = {
      html: words.__('Web page (.html)'),
      md: words.__('Markdown (.md)'),
      ipynb: words.__('Notebook (.ipynb)')
    };
    const opener = this.#button('export', words.__('Export'), () => undefined);
    const content = element('div', { class: 'mibyan-menu' });
    const popover = new Popover(opener, content, signal);
    const entries = EXPORTS.map(suffix =>
      button({
        label: labels[suffix],
        class: 'mibyan-entry',
        signal,
        press: () => {
          popover.close();
          this.#command(`export ${exportName(new Date())}.${suffix}`);
        }
      })
    );
    content.append(...entries);
    return popover.node;
  }

  #button(icon: IconName, label: string, press: () => void): HTMLButtonElement {
    return button({ label, icon, action: icon, signal: this.panel.signal, press });
  }

  #command(line: string): void {
    this.panel.showFault(null);
    this.panel.command(line).catch((error: unknown) => this.panel.showFault(faultOf(error)));
  }

  async #keep(): Promise<void> {
    const { words, host, model } = this.panel;
    this.panel.showFault(null);
    try {
      const answer = await model.request('transcript', {});
      if (isType(answer, 'transcript')) {
        host.keep?.(answer);
        this.panel.notice(words.__('The conversation is written below this panel.'));
      }
    } catch (error) {
      this.panel.showFault(faultOf(error));
    }
  }
}

/** A name that sorts by time, and that no earlier export has. */
function exportName(now: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `chat-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
