"""The machines as people read them: tables, pictures and Mermaid, all from the code that runs."""

from sbs_workflow.diagrams.arrows import Arrow, arrows
from sbs_workflow.diagrams.markdown import markdown
from sbs_workflow.diagrams.picture import svg

__all__ = ["Arrow", "arrows", "markdown", "svg"]
