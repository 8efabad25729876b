from reports.excel.reader import MoneyProposal, SheetRead, compare_account, read_workbook
from reports.models import FinancialReport
from reports.queries import Account

__all__ = ["MoneyProposal", "SheetRead", "compare_account", "read_workbook", "write_workbook"]


def write_workbook(report: FinancialReport, account: Account) -> bytes:
    """The file, in Swedish whoever asks for it: it is the agency's form."""
    # openpyxl costs each process 12 MB and a third of a second, and most never make a workbook.
    from reports.excel import writer

    return writer.write_workbook(report, account)
