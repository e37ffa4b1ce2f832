import io

from openpyxl import Workbook, load_workbook


def total():
    book, out = Workbook(), io.BytesIO()
    book.active.append([1, 2, 3])
    book.save(out)
    return sum(cell.value for cell in load_workbook(out).active[1])
