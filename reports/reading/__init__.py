from reports.reading.blank import BlankRead, lost, read_blank
from reports.reading.matrices import read_report
from reports.reading.package import NotReadable
from reports.reading.proposals import Comparison, Proposal, compare
from reports.reading.understanding import ReadGoal, ReadInsats, Understanding

__all__ = [
    "BlankRead",
    "Comparison",
    "NotReadable",
    "Proposal",
    "ReadGoal",
    "ReadInsats",
    "Understanding",
    "compare",
    "lost",
    "read_blank",
    "read_report",
]
