import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { proseAfterMagic, proseMode } from '../../prose';

const loaded = vi.fn(() => Promise.resolve(proseMode([])));
let view: EditorView;

function open(doc: string): void {
  const state = EditorState.create({ doc, extensions: proseAfterMagic(loaded) });
  view = new EditorView({ state, parent: document.body });
}

function isProse(): boolean {
  const wraps = view.contentDOM.classList.contains('cm-lineWrapping');
  const marked = view.contentDOM.querySelector('.cm-line')?.classList.contains('mibyan-magic-line');
  expect(marked ?? false).toBe(wraps);
  return wraps;
}

beforeEach(() => loaded.mockClear());
afterEach(() => view.destroy());

describe('a cell', () => {
  test.each(['%%mibyan\nWhy?', '%%mibyan -s "Be brief"\nWhy?', '%%mibyan'])(
    'that begins with the magic is edited as prose: %j',
    async doc => {
      open(doc);
      await vi.waitFor(() => expect(isProse()).toBe(true));
    }
  );

  test.each(['x = 1', '%%mibyanesque\nx', '%mibyan status', 'x\n%%mibyan'])(
    'that does not stays as it is, and loads nothing: %j',
    async doc => {
      open(doc);
      await Promise.resolve();
      expect(isProse()).toBe(false);
      expect(loaded).not.toHaveBeenCalled();
    }
  );

  test('changes with its first line', async () => {
    open('%mibyan\nWhy?');
    view.dispatch({ changes: { from: 0, insert: '%' } });
    await vi.waitFor(() => expect(isProse()).toBe(true));
    view.dispatch({ changes: { from: 0, to: 1 } });
    await vi.waitFor(() => expect(isProse()).toBe(false));
  });

  test('closes no brackets in prose', async () => {
    open('%%mibyan\n(');
    await vi.waitFor(() => expect(isProse()).toBe(true));
    expect(view.state.languageDataAt('closeBrackets', 10)[0]).toEqual({ brackets: [] });
  });

  test('may be gone before Markdown is loaded', async () => {
    open('%%mibyan\nWhy?');
    const dispatch = vi.spyOn(view, 'dispatch');
    view.destroy();
    await loaded.mock.results[0]?.value;
    await Promise.resolve();
    expect(dispatch).not.toHaveBeenCalled();
  });
});
