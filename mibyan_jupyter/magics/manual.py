"""The manual that `%%mibyan?` shows."""

from __future__ import annotations

MANUAL = """Ask Mibyan a question; the answer appears below the cell while it is written.

    %%mibyan
    Why is the median of a skewed sample below its mean?

Everything below the first line is your question, sent exactly as you typed it. The
conversation goes on from cell to cell: ask "And for a symmetric one?" next. Running a cell
again replaces its earlier answer, so the conversation never doubles. Press ■ to stop an
answer; what came stays.

Flags go on the first line:

    -m, --model MODEL     ask another model, this once
                              %%mibyan -m mibyan-4.1
    -s, --system TEXT     tell the model how to answer, this once
                              %%mibyan -s "Explain it to a ten-year-old"
    -o, --out NAME        keep the answer in a variable: NAME.text, NAME.code_blocks, NAME.usage
                              %%mibyan -o answer
    -f, --format FORMAT   what becomes of the answer
                              markdown   shown as formatted text (the default)
                              code       only its code, as a new cell below; you run it
                              text       shown as it is
                              json       parsed; -o NAME binds the value
                              math       one formula, typeset
                              %%mibyan -f code
    -c, --context MODE    how much of the notebook goes along: auto (what the question rests
                          on), none, mentioned (only what you name with @), all
                              %%mibyan -c none
    --without PROVIDER    leave one part of that out: failures, variables, figures, cells
                          or notebook
    --new                 start a new conversation here (nothing is deleted)
    --no-history          do not send the earlier questions, and do not resend this one
    --no-stream           wait for the whole answer, then show it
    --quiet               show nothing; for use with -o

Name things of the notebook with @: @df is a variable, @df:rows lets a few of its rows go along
this once, @cell:3 is a cell, @error the newest error, @figure the newest figure.

The line magic does the rest: %mibyan shows the status and all commands.

    %mibyan login         set your key (typed unseen; it never enters the notebook)
    %mibyan demo          try it offline, without a key
    %mibyan fix           explain the newest error and propose the corrected cell
    %mibyan why           show what went along with the newest question
    %mibyan last          show the newest answer again
    %mibyan retry         ask the newest question again (shows the answer only)
    %mibyan resume        bring back the conversation of a kernel that died
    %mibyan reset         forget the conversation

Answers are shown as text and never run. Check them: a model can be wrong.
"""
