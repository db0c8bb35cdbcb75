"""What the hub promises, one sentence for each name the checker uses.

Source: sync.md section 15.
"""

from __future__ import annotations

from app.text import N_

PROMISES: dict[str, str] = {
    "I1": N_("Whatever a desk or a channel promised is done once."),
    "I2": N_("An answer once given stays as it is."),
    "I3": N_("The numbers of a desk or a channel have no gap."),
    "I4": N_("What is reserved is what open orders hold, and no more than there is."),
    "I5": N_("What is on hand is what came less what left."),
    "I6": N_("Nobody approves own work, and only approved work goes out."),
    "I7": N_("One parcel, one label, one word to the channel."),
    "I8": N_("History only grows, and everybody saw the same one."),
    "I9": N_("What desks were told is what stands here."),
    "I10": N_("Nothing goes back while the hub lives."),
    "I11": N_("Nobody gets rows they have no right to."),
    "I12": N_("What waits is served."),
    "I13": N_("A desk forgets only what has a second copy."),
    "I14": N_("What a screen calls accepted is here."),
    "grants": N_("The rights that are used are the rights that were given."),
    "projection": N_("The rows beside a document say what it says."),
    "refund": N_("Nobody gets more back than they paid."),
    "return": N_("Every return has an owner, and comes back as it was graded."),
    "join": N_("Orders merged or split add up to those they came from."),
    "signature": N_("What a desk asked for was signed by its PC."),
    "backup": N_("A backup stands where its manifest says."),
}
