"""Pictures for those who would rather look than read: what is known goes in, shapes come out.

No queries and no models here: the views fill the dataclasses. Each picture carries its own table.
"""

from portfolio.pictures.bars import Bar, GroupOfBars, bars
from portfolio.pictures.drawing import Picture, svg
from portfolio.pictures.load import LoadOfTerm, LoadOfUnit, load
from portfolio.pictures.png import as_png
from portfolio.pictures.ratings import RatingPoint, history
from portfolio.pictures.taper import MonthOfSupport, taper
from portfolio.pictures.thread import Thread, ThreadNode, red_thread
from portfolio.pictures.timeline import InterventionOnLine, timeline

__all__ = [
    "Bar",
    "GroupOfBars",
    "InterventionOnLine",
    "LoadOfTerm",
    "LoadOfUnit",
    "MonthOfSupport",
    "Picture",
    "RatingPoint",
    "Thread",
    "ThreadNode",
    "as_png",
    "bars",
    "history",
    "load",
    "red_thread",
    "svg",
    "taper",
    "timeline",
]
