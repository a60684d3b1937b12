/** Editing prose below a magic, in terms of CodeMirror alone. */

import { Compartment, EditorState, Prec } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view';
import type { ViewUpdate } from '@codemirror/view';

const MAGIC = /^%%mibyan(\s|$)/;
const mode = new Compartment();

/**
 * Markdown in place of Python: its highlighting, soft wrap, no closing brackets. The cell stays a
 * Python cell to JupyterLab, so that completions work; only this editor's language goes first.
 */
export function proseMode(language: Extension): Extension {
  return Prec.highest([
    language,
    EditorView.lineWrapping,
    EditorState.languageData.of(() => [{ closeBrackets: { brackets: [] } }]),
    EditorView.decorations.of(
      Decoration.set([Decoration.line({ class: 'mibyan-magic-line' }).range(0)])
    )
  ]);
}

/** Watches the first line of one editor, and turns the mode on and off with it. */
class FirstLine {
  #isOn = false;
  #isGone = false;

  constructor(
    private readonly view: EditorView,
    private readonly prose: () => Promise<Extension>
  ) {
    this.#follow();
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) {
      this.#follow();
    }
  }

  destroy(): void {
    this.#isGone = true;
  }

  #follow(): void {
    const isOn = MAGIC.test(this.view.state.doc.line(1).text);
    if (isOn !== this.#isOn) {
      this.#isOn = isOn;
      void this.#turn(isOn);
    }
  }

  async #turn(isOn: boolean): Promise<void> {
    const extension = isOn ? await this.prose() : await Promise.resolve([]);
    if (isOn === this.#isOn && !this.#isGone) {
      this.view.dispatch({ effects: mode.reconfigure(extension) });
    }
  }
}

/** The extension of a code cell's editor; `prose` is loaded with the first such cell. */
export function proseAfterMagic(prose: () => Promise<Extension>): Extension {
  return [mode.of([]), ViewPlugin.define(view => new FirstLine(view, prose))];
}
