"""An answer that a script lets grow in a page: what streaming costs the browser alone."""

# No kernel, no message, nothing to parse, formulas ready-made: the elements of an answer that
# stands in cell 1 are put there once more, word by word.
from __future__ import annotations

GROW = """async ([seconds, frames]) => {
    const cell = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[1];
    const answer = cell.querySelector(".jp-Cell-outputArea .mibyan-answer");
    const steps = [];
    const plan = (from, to) => {
        for (const child of from.childNodes) {
            const isText = child.nodeType === Node.TEXT_NODE;
            const isFormula = child.localName?.startsWith("mjx-");
            const copy = isText ? new Text() : child.cloneNode(isFormula);
            steps.push(() => to.append(copy));
            const words = isText ? child.data.split(/(?<=\\s)/) : [];
            steps.push(...words.map(word => () => copy.appendData(word)));
            if (!isFormula) plan(child, copy);
        }
    };
    plan(answer.cloneNode(true), answer);
    answer.replaceChildren();
    const began = performance.now();
    for (let done = 0; done < steps.length;) {
        await new Promise(resolve => setTimeout(resolve, 1000 * seconds / frames));
        const share = Math.min(1, (performance.now() - began) / (1000 * seconds));
        while (done < steps.length * share) steps[done++]();
    }
}"""
