/** Unsent questions, kept in this browser. */

const PREFIX = 'mibyan-jupyter:draft:';

/** The draft of one panel; without storage there is none after a reload. */
export class Draft {
  /** `key` may change as the notebook is renamed; it is asked for each time. */
  constructor(private readonly key: () => string) {}

  load(): string {
    try {
      return localStorage.getItem(PREFIX + this.key()) ?? '';
    } catch {
      return '';
    }
  }

  save(text: string): void {
    try {
      if (text) {
        localStorage.setItem(PREFIX + this.key(), text);
      } else {
        localStorage.removeItem(PREFIX + this.key());
      }
    } catch {
      // Storage is switched off or full; the box still holds the text.
    }
  }
}
