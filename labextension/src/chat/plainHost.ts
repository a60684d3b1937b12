/** A host without JupyterLab around it: a notebook of VS Code or Colab, or any page. */

import type { IChatHost } from './host';
import { englishWords } from './words';

const DRAFT = 'mibyan-jupyter:draft:';

/** English, the browser's clipboard, drafts in the browser's storage; no cells. */
export function plainHost(): IChatHost {
  const draft = `${DRAFT}${location.pathname}`;
  return {
    words: englishWords,
    preferences: { enterSends: true },
    onPreferences: () => () => undefined,
    loadDraft: () => quietly(() => localStorage.getItem(draft)) ?? '',
    saveDraft: text =>
      void quietly(() =>
        text === '' ? localStorage.removeItem(draft) : localStorage.setItem(draft, text)
      ),
    copy
  };
}

/** Storage may be forbidden or full: then a draft is not kept, which harms nothing. */
function quietly<Value>(use: () => Value): Value | null {
  try {
    return use();
  } catch {
    return null;
  }
}

async function copy(text: string): Promise<void> {
  // Absent on plain-http pages, and refused to frames without the permission.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  try {
    await clipboard.writeText(text);
  } catch {
    copyBySelection(text);
  }
}

function copyBySelection(text: string): void {
  const focused = document.activeElement;
  const box = document.createElement('textarea');
  box.value = text;
  box.style.cssText = 'position:fixed;opacity:0';
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  if (focused instanceof HTMLElement) {
    focused.focus();
  }
  if (!copied) {
    throw new Error('the browser does not let a page copy');
  }
}
