from reports.pdf.writer import write_pdf

__all__ = ["write_pdf"]
