/** The toolbar of a code block: copy, and what can be done with code in a notebook. */

import { confirmIn } from './confirm';
import { button, element } from './dom';
import type { IChatHost } from './host';
import { icon } from './icons';
import type { IconName } from './icons';
import { later } from './lifetime';
import { toolbar } from './toolbar';

const CHECK_SHOWN = 1500;
const PYTHON = new Set(['', 'python', 'python3', 'py', 'ipython', 'ipython3', 'jupyter']);

/** What can be done with code; what is absent has no button. */
export type ICodeTools = Pick<
  IChatHost,
  'words' | 'copy' | 'insertBelow' | 'replaceSelected' | 'insertAndRun'
>;

/** How the toolbars live, and what only a panel can do. */
export interface ICodeOptions {
  /** Ends all that the toolbars do. */
  signal: AbortSignal;
  /** Propose the code as a new cell, where the host cannot insert one. */
  toNextCell?(source: string): Promise<void>;
  /** Say something to a screen reader. */
  announce?(text: string): void;
}

/** Give each code block inside `container` (or that it is) a toolbar, unless it has one. */
export function decorateCode(
  container: Element,
  tools: ICodeTools,
  options: ICodeOptions
): void {
  for (const code of codeIn(container)) {
    if (!code.querySelector('.mibyan-code-head')) {
      code.prepend(head(code, tools, options));
    }
  }
}

/** The code blocks of an answer, in order. */
export function codeIn(container: Element): HTMLElement[] {
  const inside = [...container.querySelectorAll<HTMLElement>('.mibyan-code')];
  const itself = container instanceof HTMLElement && container.matches('.mibyan-code');
  return itself ? [container] : inside;
}

/** The source of a code block. */
export function sourceOf(code: Element): string {
  const lines = code.querySelector('.mibyan-source code')?.textContent ?? '';
  return lines.replace(/\n$/, '');
}

function head(code: HTMLElement, tools: ICodeTools, options: ICodeOptions): HTMLElement {
  const language = code.querySelector('.mibyan-language');
  const name = language?.textContent ?? '';
  const line = element('div', { class: 'mibyan-code-head' }, language ?? '');
  const buttons = new CodeButtons(code, line, tools, options);
  const all = PYTHON.has(name.toLowerCase())
    ? [buttons.copy(), ...buttons.forCells()]
    : [buttons.copy()];
  line.append(toolbar(tools.words.__('Code'), all, options.signal));
  return line;
}

class CodeButtons {
  constructor(
    private readonly code: HTMLElement,
    private readonly line: HTMLElement,
    private readonly tools: ICodeTools,
    private readonly options: ICodeOptions
  ) {}

  copy(): HTMLButtonElement {
    const { words } = this.tools;
    return this.#button('copy', words.__('Copy the code'), words.__('Copied'), source =>
      this.tools.copy(source)
    );
  }

  forCells(): HTMLButtonElement[] {
    const { words, insertBelow, replaceSelected, insertAndRun } = this.tools;
    const next = this.options.toNextCell;
    const done = words.__('Done');
    const found: HTMLButtonElement[] = [];
    if (insertBelow) {
      found.push(
        this.#button('insert', words.__('Insert below the selected cell'), done, source =>
          insertBelow.call(this.tools, source)
        )
      );
    } else if (next) {
      found.push(
        this.#button('insert', words.__('To the next cell'), done, source => next(source))
      );
    }
    if (replaceSelected) {
      found.push(
        this.#button('replace', words.__('Replace the selected cell'), done, source =>
          replaceSelected.call(this.tools, source)
        )
      );
    }
    if (insertAndRun) {
      found.push(
        this.#runButton(source => insertAndRun.call(this.tools, source), done)
      );
    }
    return found;
  }

  #runButton(run: (source: string) => void, done: string): HTMLButtonElement {
    const { words } = this.tools;
    const node = button({
      label: words.__('Insert below and run'),
      icon: 'run',
      action: 'run',
      signal: this.options.signal,
      press: () =>
        confirmIn(this.line, {
          question: words.__('Run this code in a new cell of your notebook?'),
          action: words.__('Run'),
          words,
          signal: this.options.signal,
          confirmed: () => void this.#attempt(node, 'run', done, run)
        })
    });
    return node;
  }

  #button(
    name: IconName,
    label: string,
    done: string,
    use: (source: string) => void | Promise<void>
  ): HTMLButtonElement {
    const node = button({
      label,
      icon: name,
      action: name,
      signal: this.options.signal,
      press: () => void this.#attempt(node, name, done, use)
    });
    return node;
  }

  async #attempt(
    node: HTMLElement,
    name: IconName,
    done: string,
    use: (source: string) => void | Promise<void>
  ): Promise<void> {
    try {
      await use(sourceOf(this.code));
      this.#show(node, name, 'check', done);
    } catch {
      this.#show(node, name, 'close', this.tools.words.__('That did not work.'));
    }
  }

  #show(node: HTMLElement, name: IconName, result: IconName, said: string): void {
    const { signal, announce } = this.options;
    announce?.(said);
    const tip = node.title;
    node.title = said;
    node.replaceChildren(icon(result));
    later(signal, CHECK_SHOWN, () => {
      node.title = tip;
      node.replaceChildren(icon(name));
    });
  }
}
