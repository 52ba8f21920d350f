"""A workbook with invented personal data in every place that can hold some."""

from __future__ import annotations

from files import zipped
from rewriting.officefiles import (
    _PACKAGE_LINKS,
    HOME,
    MICROSOFT,
    NAME,
    NUMBER,
    OFFICE,
    SPACES,
    SPREADSHEET,
    _listing,
    _package_parts,
    chart,
    grey_jpeg,
    planted,
    quoted,
)

PHONE = "13800001234"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_ROOT = f'xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}" xmlns:x14="{X14}"'
_OTHER = "http://schemas.openxmlformats.org/markup-compatibility/2006"

STRINGS = (
    "姓名",
    "证件号码",
    planted("共享字符串处"),
    planted("未用字符串处"),
    NAME,
)


def _cell(reference: str, kind: str, content: str, style: int = 0) -> str:
    return f'<c r="{reference}" s="{style}" t="{kind}">{content}</c>'


def _shared(reference: str, index: int) -> str:
    return _cell(reference, "s", f"<v>{index}</v>")


def _inline(reference: str, text: str) -> str:
    return _cell(reference, "inlineStr", f"<is><t>{text}</t></is>")


_RICH = f"<is><r><rPr><b/></rPr><t>富文本处：{NAME[:2]}</t></r><r><t>{NAME[2:]}，{NUMBER}</t></r></is>"
_JOINED = f"<f>A2&amp;&quot;，{NUMBER}&quot;</f><v>{planted('公式结果处')}</v>"
_FIRST = f'<f t="shared" ref="B7:B8" si="0">&quot;{NAME}&quot;</f><v>{NAME}</v>'
_SECOND = f'<f t="shared" si="0"/><v>{NAME}</v>'
ROWS = (
    ("1", _shared("A1", 0), _shared("B1", 1), _inline("C1", "电话"), _inline("D1", "备注")),
    (
        "2",
        _shared("A2", 4),
        _cell("B2", "n", f"<v>{NUMBER}</v>"),
        _cell("C2", "n", f"<v>{PHONE}</v>"),
        _cell("D2", "inlineStr", _RICH),
    ),
    ("3", _shared("A3", 2), _cell("B3", "n", "<v>1.3800001234E10</v>"), _cell("C3", "str", _JOINED)),
    ('4" hidden="1', _inline("A4", planted("隐藏行处")), _shared("B4", 4)),
    ("6", _inline("B6", planted("错行处")), _cell("D6", "n", "<v>32874</v>", 1), _inline("F6", planted("隐藏列处"))),
    ("7", _cell("A7", "n", "<f>LEN(B2)</f><v>18</v>"), _cell("B7", "str", _FIRST)),
    ("8", _cell("B8", "str", _SECOND)),
    ("9", _cell("A9", "n", "<f>[1]外部!A1</f><v>7</v>"), _cell("B9", "n", "<f>SUM(C9:C10)</f><v>0</v>")),
)

SHEET = (
    f'<worksheet {_ROOT}><sheetPr codeName="{NAME}"/><dimension ref="A1:F9"/>'
    '<sheetViews><sheetView workbookViewId="0"/>'
    '</sheetViews><cols><col min="6" max="6" width="9" hidden="1"/></cols><sheetData>'
    + "".join(f'<row r="{number}">{"".join(cells)}</row>' for number, *cells in ROWS)
    + f'</sheetData><protectedRanges><protectedRange sqref="A1" name={quoted("保护区域处")}/></protectedRanges>'
    f'<scenarios><scenario name="a" user={quoted("方案处")}><inputCells r="A1" val="{NUMBER}"/></scenario></scenarios>'
    '<autoFilter ref="A1:D3"><filterColumn colId="0"><filters>'
    f"<filter val={quoted('筛选处')}/></filters></filterColumn>"
    f"</autoFilter><customSheetViews><customSheetView guid={quoted('视图处')}/></customSheetViews>"
    f'<conditionalFormatting sqref="A2"><cfRule type="containsText" priority="1" operator="containsText" '
    f'text={quoted("条件处")}><formula>"{NAME}"</formula></cfRule></conditionalFormatting>'
    '<dataValidations count="2">'
    f'<dataValidation type="list" sqref="A2" promptTitle="{NAME}" prompt={quoted("提示输入处")} '
    f'error={quoted("出错提示处")}><formula1>"{NAME},甲"</formula1></dataValidation>'
    f'<dataValidation type="list" sqref="A3" prompt={quoted("提示保留处")}>'
    "<formula1>$A$1:$A$3</formula1></dataValidation>"
    "</dataValidations>"
    f'<hyperlinks><hyperlink ref="A2" r:id="rIdMail" display={quoted("显示处")} tooltip={quoted("提示处")}/>'
    f'<hyperlink ref="A3" location="{NAME}!A1"/></hyperlinks>'
    '<pageSetup paperSize="9" r:id="rIdPrinter"/><headerFooter>'
    f'<oddHeader>&amp;L打印页眉处：{NAME[:2]}&amp;"宋体,常规"&amp;10'
    f"{NAME[2:]}，{NUMBER}&amp;C第&amp;P页</oddHeader></headerFooter>"
    '<drawing r:id="rIdDrawing"/><legacyDrawing r:id="rIdVml"/><oleObjects><oleObject progId="Word.Document.12" '
    'shapeId="1" r:id="rIdObject"/></oleObjects><tableParts count="1"><tablePart r:id="rIdTable"/></tableParts>'
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations><x14:dataValidation prompt='
    f"{quoted('扩展处')}/></x14:dataValidations></ext></extLst></worksheet>"
)

WORKBOOK = (
    f'<workbook {_ROOT} xmlns:mc="{_OTHER}"><fileVersion appName="xl"/><fileSharing userName={quoted("共享者处")}/>'
    f'<workbookPr codeName="{NAME}"/><mc:AlternateContent><mc:Choice Requires="x15"><absPath url='
    f'"C:\\{NAME}{NUMBER}\\"/></mc:Choice></mc:AlternateContent>'
    f'<customWorkbookViews><customWorkbookView name={quoted("个人视图处")} windowWidth="9" windowHeight="9" '
    'guid="{12345678-1234-1234-1234-123456789012}" activeSheetId="1"/></customWorkbookViews>'
    f'<sheets><sheet name="名单" sheetId="1" r:id="rId1"/><sheet name="{NAME}" sheetId="2" r:id="rId2"/>'
    '<sheet name="底稿" sheetId="3" state="hidden" r:id="rId3"/><sheet name="深藏" sheetId="4" state="veryHidden" '
    'r:id="rId4"/></sheets><externalReferences><externalReference r:id="rIdOutside"/></externalReferences>'
    f'<definedNames><definedName name="{NAME}" comment={quoted("名称说明处")}>名单!$A$2</definedName>'
    f'<definedName name="常量">"{NAME}，{NUMBER}"</definedName><definedName name="外部">[1]外部!$A$1</definedName>'
    '<definedName name="_xlnm.Print_Area" localSheetId="0">名单!$A$1:$D$9</definedName></definedNames>'
    '<calcPr calcId="191029"/><pivotCaches><pivotCache cacheId="1" r:id="rIdPivot"/></pivotCaches></workbook>'
)

DRAWING = (
    f"<xdr:wsDr {SPACES}><xdr:twoCellAnchor><xdr:from/><xdr:to/>"
    f"<xdr:sp macro={quoted('宏名处')} textlink={quoted('链接格处')}>"
    f'<xdr:nvSpPr><xdr:cNvPr id="2" name={quoted("图形名称处")} '
    f"descr={quoted('替代文字处')}/><xdr:cNvSpPr/></xdr:nvSpPr>"
    f"<xdr:spPr/><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>文本框处：{NAME[:3]}</a:t></a:r><a:r><a:t>{NAME[3:]}，{NUMBER}</a:t>"
    "</a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor><xdr:twoCellAnchor>"
    "<xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="图" title={quoted("图形标题处")}/><xdr:cNvPicPr/></xdr:nvPicPr>'
    '<xdr:blipFill><a:blip r:embed="rIdPicture"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>'
    '<a:prstGeom prst="rect"/></xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor><xdr:twoCellAnchor>'
    "<xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    '<xdr:graphicFrame><xdr:nvGraphicFramePr><xdr:cNvPr id="4" name="c"/>'
    "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
    '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="1" cy="1"/></xdr:xfrm><a:graphic><a:graphicData '
    'uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart r:id="rIdChart"/></a:graphicData></a:graphic>'
    "</xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)

STYLES = (
    f'<styleSheet {_ROOT}><numFmts count="1">'
    '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
    '<fonts count="1"><font><name val="宋体"/></font></fonts><fills count="1">'
    '<fill><patternFill patternType="none"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
    f'<xf numFmtId="176" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name={quoted("样式名处")} '
    'xfId="0"/></cellStyles></styleSheet>'
)


COMMENTS = (
    f'<comments xmlns="{SPREADSHEET}"><authors><author>{planted("批注作者处")}</author></authors><commentList>'
    f'<comment ref="B2" authorId="0"><text><r><t>批注处：{NAME[:2]}</t></r><r><t>{NAME[2:]}，{NUMBER}，{HOME}</t>'
    "</r></text></comment></commentList></comments>"
)

TABLE = (
    f'<table xmlns="{SPREADSHEET}" id="1" name={quoted("表名处")} displayName="名册" ref="A1:D3" '
    f'comment={quoted("表注处")}><autoFilter ref="A1:D3"/><tableColumns count="4"><tableColumn id="1" name="姓名"/>'
    '<tableColumn id="2" name="证件号码"/><tableColumn id="3" name="电话"/><tableColumn id="4" name="备注"/>'
    "</tableColumns></table>"
)


def _string(text: str) -> str:
    return f'<si><t>{text}</t><rPh sb="0" eb="1"><t>{planted("注音处")}</t></rPh></si>'


def _plain_sheet(text: str) -> str:
    return f'<worksheet {_ROOT}><sheetData><row r="1">{_inline("A1", text)}</row></sheetData></worksheet>'


def full_xlsx(*more: tuple[str, str, str], parts: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook with planted values everywhere; `more` are further relations of the workbook."""
    entries: dict[str, str | bytes] = {
        "xl/workbook.xml": WORKBOOK,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{SPREADSHEET}">{"".join(map(_string, STRINGS))}</sst>',
        "xl/worksheets/sheet1.xml": SHEET,
        "xl/worksheets/sheet2.xml": _plain_sheet("第二张"),
        "xl/worksheets/sheet3.xml": _plain_sheet(planted("隐藏表处")),
        "xl/worksheets/sheet4.xml": _plain_sheet(planted("深藏表处")),
        "xl/worksheets/_rels/sheet1.xml.rels": _listing(
            ("rIdMail", "hyperlink", f"mailto:{NAME}{NUMBER}@example.com"),
            ("rIdPrinter", "printerSettings", "../printerSettings/p1.bin"),
            ("rIdDrawing", "drawing", "../drawings/drawing1.xml"),
            ("rIdVml", "vmlDrawing", "../drawings/vml1.vml"),
            ("rIdComments", "comments", "../comments1.xml"),
            (
                "rIdThreads",
                "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
                "../threads.xml",
            ),
            ("rIdTable", "table", "../tables/table1.xml"),
            ("rIdObject", "package", "../embeddings/o.docx"),
            ("rIdPivotTable", "pivotTable", "../pivotTables/p1.xml"),
        ),
        "xl/drawings/drawing1.xml": DRAWING,
        "xl/drawings/_rels/drawing1.xml.rels": _listing(
            ("rIdPicture", "image", f"../media/{NAME}.jpeg"), ("rIdChart", "chart", "../charts/chart1.xml")
        ),
        "xl/charts/chart1.xml": chart("名单"),
        "xl/charts/_rels/chart1.xml.rels": _listing(("rIdBook", "package", "../embeddings/o.docx")),
        f"xl/media/{NAME}.jpeg": grey_jpeg(),
        "xl/drawings/vml1.vml": f"<xml><br>{planted('旧式图形处')}</xml>",
        "xl/comments1.xml": COMMENTS,
        "xl/threads.xml": f"<ThreadedComments>{planted('线程批注处')}</ThreadedComments>",
        "xl/persons/person.xml": f"<personList>{planted('人员处')}</personList>",
        "xl/tables/table1.xml": TABLE,
        "xl/embeddings/o.docx": zipped({"word/document.xml": planted("嵌入文件处")}),
        "xl/pivotTables/p1.xml": planted("透视表处"),
        "xl/pivotCache/c1.xml": planted("透视缓存处"),
        "xl/externalLinks/e1.xml": planted("外部数据处"),
        "xl/connections.xml": planted("连接处"),
        "xl/calcChain.xml": planted("计算链处"),
        "xl/printerSettings/p1.bin": planted("打印机处").encode("utf-16-le"),
        **_package_parts(),
        "xl/_rels/workbook.xml.rels": _listing(
            *((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in (1, 2, 3, 4)),
            ("rIdStyles", "styles", "styles.xml"),
            ("rIdStrings", "sharedStrings", "sharedStrings.xml"),
            ("rIdOutside", "externalLink", "externalLinks/e1.xml"),
            ("rIdPivot", "pivotCacheDefinition", "pivotCache/c1.xml"),
            ("rIdChain", "calcChain", "calcChain.xml"),
            ("rIdLinks", "connections", "connections.xml"),
            ("rIdPersons", f"{MICROSOFT.replace('2011', '2017/10')}/person", "persons/person.xml"),
            ("rIdData", "customXml", "../customXml/item1.xml"),
            *more,
        ),
        "_rels/.rels": _listing(("rId1", "officeDocument", "xl/workbook.xml"), *_PACKAGE_LINKS),
        **(parts or {}),
    }
    # openpyxl, which the readers stand on, finds the parts by their content types
    kinds = {"workbook.xml": "sheet.main", "styles.xml": "styles", "sharedStrings.xml": "sharedStrings"}
    kinds |= {f"worksheets/sheet{number}.xml": "worksheet" for number in (1, 2, 3, 4)}
    space = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{space}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    listing = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>'
    return zipped({"[Content_Types].xml": listing, **entries})
