/** Earlier questions, gone through with the arrow keys; what was being typed is kept at the end. */
export class Recall {
  #place: number | null = null;
  #unsent = '';
  #shown = '';

  constructor(private readonly questions: () => readonly string[]) {}

  /** Whether `text` is an earlier question, as it was recalled. */
  isShowing(text: string): boolean {
    return this.#place !== null && text === this.#shown;
  }

  /** The question before the shown one; null when there is none. */
  older(text: string): string | null {
    const all = this.questions();
    if (!this.isShowing(text)) {
      this.#place = all.length;
      this.#unsent = text;
    }
    return this.#show(all, (this.#place ?? all.length) - 1);
  }

  /** The question after the shown one, at last what was being typed; null when nothing is shown. */
  newer(text: string): string | null {
    if (!this.isShowing(text) || this.#place === null) {
      return null;
    }
    return this.#show(this.questions(), this.#place + 1);
  }

  #show(all: readonly string[], place: number): string | null {
    if (place >= all.length) {
      this.#place = null;
      return this.#unsent;
    }
    const question = all[place];
    if (question === undefined) {
      return null;
    }
    this.#place = place;
    this.#shown = question;
    return question;
  }
}
