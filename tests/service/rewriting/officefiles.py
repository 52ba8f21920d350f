"""Office files with invented personal data in every place that can hold some, and what is left of it in bytes."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from files import zipped
from PIL import Image

from gongkai.model.document import Span
from gongkai.service.rewriting.slots import Edit

NAME, NUMBER, HOME = "欧阳一叶", "330199199003075415", "青禾县东街12号3单元402室"
MASKS = {NAME: "欧阳某某", NUMBER: "3301**********5415", HOME: "青禾县"}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2011/relationships"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"'
)


def planted(place: str) -> str:
    return f"{place}：{NAME}，{NUMBER}，{HOME}"


def quoted(place: str) -> str:
    return quoteattr(planted(place))


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*texts: str) -> str:
    return f"<w:p>{''.join(map(run, texts))}</w:p>"


def field(code: str, result: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return (
        f'{marks[0]}<w:r><w:instrText xml:space="preserve">{escape(code)}</w:instrText></w:r>{marks[1]}'
        f"{run(result)}{marks[2]}"
    )


def picture(relation: str, alternative: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="600000"/><wp:docPr id="1" name={quoted("图形名称处")} '
        f"descr={quoteattr(alternative)} title={quoted('图形标题处')}/><a:graphic><a:graphicData "
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" '
        f'name={quoted("图片文件名处")}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="900000" cy="600000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )


def chart_frame(relation: str) -> str:
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="600000"/><wp:docPr id="9" name="图表"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def chart(sheet: str = "Sheet1") -> str:
    return (
        f"<c:chartSpace {SPACES}><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p>"
        f"<a:r><a:t>图表标题处：{NAME[:2]}</a:t></a:r><a:r><a:t>{NAME[2:]}，{NUMBER}，{HOME}</a:t></a:r></a:p>"
        '</c:rich></c:tx></c:title><c:plotArea><c:barChart><c:barDir val="col"/><c:ser><c:idx val="0"/>'
        f'<c:order val="0"/><c:cat><c:strRef><c:f>{sheet}!$A$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0">'
        f"<c:v>{planted('图表类别处')}</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef>"
        f'<c:f>{sheet}!$B$1</c:f><c:numCache><c:ptCount val="2"/><c:pt idx="0"><c:v>{NUMBER}</c:v></c:pt>'
        '<c:pt idx="1"><c:v>12</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/>'
        '</c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx>'
        '<c:axId val="2"/><c:scaling/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart>'
        '<c:externalData r:id="rIdBook"/></c:chartSpace>'
    )


#: Content of the body: every construct that Word can put text into.
BODY = "".join(
    (
        paragraph("正文处：欧", "阳一", f"叶，{NUMBER[:7]}", f"{NUMBER[7:]}，青禾县东街", "12号3单元402室", "，同意。"),
        f'<w:p><w:bookmarkStart w:id="1" w:name="{NAME}{NUMBER}"/>{run("断行处：" + NUMBER[:9])}<w:r><w:br/></w:r>'
        f'{run(NUMBER[9:])}<w:bookmarkEnd w:id="1"/></w:p>',
        f'<w:p><w:hyperlink r:id="rIdMail" w:tooltip={quoted("提示处")}>{run(planted("链接文字处"))}</w:hyperlink>'
        f'<w:hyperlink w:anchor="{NAME}{NUMBER}">{run("内部链接")}</w:hyperlink></w:p>',
        "<w:tbl><w:tblPr><w:tblDescription w:val="
        + quoted("表格说明处")
        + "/></w:tblPr><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>"
        + f"<w:tc>{paragraph('姓名')}</w:tc><w:tc>{paragraph('证件号码')}</w:tc></w:tr><w:tr>"
        + f"<w:tc>{paragraph('表格处：' + NAME[:1], NAME[1:])}</w:tc><w:tc>{paragraph(NUMBER)}</w:tc></w:tr><w:tr>"
        + f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph("合并")}</w:tc><w:tc>{paragraph("甲")}</w:tc>'
        + f"</w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph(planted('合并遮住处'))}</w:tc>"
        + f"<w:tc>{paragraph(HOME)}</w:tc></w:tr></w:tbl>",
        f'<w:p><w:ins w:id="5" w:author={quoted("修订作者处")} '
        f'w:date="2025-01-01T00:00:00Z">{run(planted("修订增加处"))}'
        f'</w:ins><w:del w:id="6" w:author={quoted("修订作者处")}><w:r>'
        f"<w:delText>{planted('修订删除处')}</w:delText></w:r>"
        f'</w:del><w:moveFrom w:id="7" w:author="甲">{run(planted("移走处"))}</w:moveFrom></w:p>',
        f"<w:p>{run(planted('隐藏处'), '<w:vanish/>')}{run('未隐藏')}</w:p>",
        f'<w:p><w:r><w:rPr><w:rStyle w:val="Unseen"/></w:rPr><w:t>{planted("样式隐藏处")}</w:t></w:r></w:p>',
        f"<w:p>{field(' MERGEFIELD ' + NAME + NUMBER, planted('合并域结果处'))}"
        f"{field(' HYPERLINK ' + quoted('域代码处'), '域链接')}{field(' PAGE ', '1')}"
        f"<w:fldSimple w:instr={quoted('DOCVARIABLE 简单域处')}>{run('简单域结果')}</w:fldSimple></w:p>",
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val={quoted("窗体名处")}/><w:textInput>'
        f"<w:default w:val={quoted('窗体默认处')}/></w:textInput></w:ffData>"
        "</w:fldChar></w:r><w:r><w:instrText> FORMTEXT "
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run('窗体结果')}<w:r>"
        '<w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList>'
        f"<w:listEntry w:val={quoted('下拉处')}/></w:ddList></w:ffData></w:fldChar>"
        "</w:r><w:r><w:instrText> FORMDROPDOWN"
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        f"<w:sdt><w:sdtPr><w:alias w:val={quoted('控件名处')}/><w:tag w:val={quoted('控件标记处')}/><w:dropDownList>"
        f"<w:listItem w:displayText={quoted('控件选项处')} w:value={quoted('控件选项处')}/></w:dropDownList></w:sdtPr>"
        f"<w:sdtContent>{paragraph(planted('控件内容处'))}</w:sdtContent></w:sdt>",
        f'<w:p><w:smartTag w:uri="u" w:element="PersonName"><w:smartTagPr><w:attr w:name="ProductID" '
        f"w:val={quoted('智能标记处')}/></w:smartTagPr>{run('智能标记')}</w:smartTag></w:p>",
        f"<w:p>{run('锚点')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wp:docPr id='3' "
        "name='框'/><a:graphic><a:graphicData uri='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'>"
        f"<wps:wsp><wps:txbx><w:txbxContent>{paragraph(planted('文本框处'))}</w:txbxContent></wps:txbx></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"<w:txbxContent>{paragraph(planted('文本框备份处'))}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
        f"<w:p><w:r><w:pict><v:shape id='s1' alt={quoted('旧式替代文字处')} o:gfxdata={quoted('打包图形处')}>"
        f"<v:textpath string={quoted('水印处')}/></v:shape></w:pict></w:r>"
        "</w:p>",
        f"<w:p>{picture('rIdPicture', planted('替代文字处'))}</w:p>",
        f"<w:p><w:r><w:object><v:shape id='o1'><v:imagedata r:id='rIdPicture' o:title={quoted('对象图名处')}/>"
        "</v:shape>"
        "<o:OLEObject Type='Embed' ProgID='Excel.Sheet.12' ShapeID='o1' r:id='rIdObject'/></w:object></w:r></w:p>",
        f"<w:p>{chart_frame('rIdChart')}</w:p>",
        f"<w:p><w:r><w:ruby><w:rt>{run(planted('注音处'))}</w:rt><w:rubyBase>{run('注音')}</w:rubyBase></w:ruby></w:r></w:p>",
        "<w:p><w:commentRangeStart w:id='1'/>"
        + run("有批注")
        + "<w:commentRangeEnd w:id='1'/><w:r><w:commentReference w:id='1'/></w:r><w:r><w:footnoteReference w:id='1'/>"
        + "<w:endnoteReference w:id='1'/></w:r>"
        + f"<!-- {planted('注释处')} --><?note {planted('指令处')}?></w:p>",
        f"<w:p w:rsidR='00{NUMBER[:6]}' w14:paraId='12345678'>{run('尾')}</w:p>",
        "<w:sectPr><w:headerReference w:type='default' r:id='rIdHead1'/>"
        "<w:headerReference w:type='first' r:id='rIdHead2'/>"
        "<w:footerReference w:type='default' r:id='rIdFoot'/><w:titlePg/></w:sectPr>",
    )
)


def _part(root: str, content: str) -> str:
    return f"<w:{root} {SPACES}>{content}</w:{root}>"


def _note(kind: str, text: str) -> str:
    return _part(f"{kind}s", f'<w:{kind} w:id="1">{paragraph(text)}</w:{kind}>')


def _listing(*entries: tuple[str, str, str]) -> str:
    """(id, kind or whole type, target); a target with a colon leads outside."""
    lines = []
    for identity, kind, target in entries:
        full = kind if "/" in kind and kind.startswith("http") else f"{OFFICE}/{kind}"
        mode = ' TargetMode="External"' if ":" in target else ""
        lines.append(f'<Relationship Id="{identity}" Type="{full}" Target={quoteattr(target)}{mode}/>')
    return f'<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'


def grey_jpeg() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (30, 20), (200, 10, 10)).save(target, "JPEG", comment=planted("图片内部处").encode())
    return target.getvalue()


def core(kind: str = "") -> str:
    space = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    return (
        f'<cp:coreProperties xmlns:cp="{space}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{planted('题名处')}</dc:title><dc:subject>{planted('主题处')}</dc:subject>"
        f"<dc:creator>{planted('作者处')}</dc:creator><cp:keywords>{planted('关键词处')}</cp:keywords>"
        f"<dc:description>{planted('备注处')}</dc:description><cp:lastModifiedBy>{planted('修改者处')}</cp:lastModifiedBy>"
        f"<cp:category>{planted('分类处')}</cp:category></cp:coreProperties>"
    )


def app() -> str:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return (
        f'<Properties xmlns="{space}"><Manager>{planted("经理处")}</Manager><Company>{planted("单位处")}</Company>'
        f"<Template>{planted('模板处')}</Template><HyperlinkBase>{planted('链接基址处')}</HyperlinkBase></Properties>"
    )


def custom() -> str:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    return (
        f'<Properties xmlns="{space}"><property name={quoted("属性名处")}>{planted("属性值处")}</property></Properties>'
    )


_PACKAGE_LINKS = (
    (
        "rIdCore",
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/core.xml",
    ),
    ("rIdApp", "extended-properties", "docProps/app.xml"),
    ("rIdCustom", "custom-properties", "docProps/custom.xml"),
    (
        "rIdThumb",
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
        "docProps/thumb.jpeg",
    ),
    (
        "rIdSign",
        "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin",
        "_xmlsig/o.sigs",
    ),
)


def _package_parts() -> dict[str, str | bytes]:
    return {
        "docProps/core.xml": core(),
        "docProps/app.xml": app(),
        "docProps/custom.xml": custom(),
        "docProps/thumb.jpeg": grey_jpeg(),
        "_xmlsig/o.sigs": planted("签名处"),
        "customXml/item1.xml": f"<data>{planted('自定义数据处')}</data>",
    }


def full_docx(*more: tuple[str, str, str], parts: dict[str, str | bytes] | None = None, body: str = BODY) -> bytes:
    """A document with planted values everywhere; `more` are further relations of its main part."""
    hidden = (
        '<w:style w:type="character" w:styleId="Unseen"><w:name w:val="unseen"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    named = f'<w:style w:type="character" w:styleId="Own"><w:name w:val={quoted("样式名处")}/></w:style>'
    entries = {
        "word/document.xml": _part("document", f"<w:body>{body}</w:body>"),
        "word/styles.xml": _part("styles", hidden + named),
        "word/header1.xml": _part("hdr", paragraph("页眉处：" + NAME[:3], NAME[3:] + "，" + NUMBER)),
        "word/header2.xml": _part("hdr", paragraph("页眉处：" + NAME + "，", NUMBER)),
        "word/footer1.xml": _part("ftr", paragraph(planted("页脚处"))),
        "word/footnotes.xml": _note("footnote", planted("脚注处")),
        "word/endnotes.xml": _note("endnote", planted("尾注处")),
        "word/comments.xml": _part(
            "comments",
            f'<w:comment w:id="1" w:author={quoted("批注作者处")} w:initials="{NAME}" w:date="2025-01-01T00:00:00Z">'
            f"{paragraph(planted('批注处')[:9], planted('批注处')[9:])}</w:comment>",
        ),
        "word/people.xml": f"<p>{planted('人员处')}</p>",
        "word/glossary/document.xml": _part("glossaryDocument", paragraph(planted("部件库处"))),
        "word/settings.xml": _part(
            "settings",
            '<w:zoom w:percent="100"/><w:attachedTemplate r:id="rIdTemplate"/><w:mailMerge><w:query w:val='
            f'{quoted("邮件合并处")}/></w:mailMerge><w:rsids><w:rsid w:val="00{NUMBER[:6]}"/></w:rsids><w:docVars>'
            f'<w:docVar w:name="a" w:val={quoted("文档变量处")}/></w:docVars>',
        ),
        "word/_rels/settings.xml.rels": _listing(
            ("rIdTemplate", "attachedTemplate", f"file:///c:/{NAME}{NUMBER}.dotx")
        ),
        "word/numbering.xml": _part(
            "numbering",
            '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val='
            f"{quoted('编号处')}/></w:lvl></w:abstractNum>",
        ),
        "word/charts/chart1.xml": chart(),
        "word/charts/_rels/chart1.xml.rels": _listing(("rIdBook", "package", "../embeddings/book.xlsx")),
        "word/embeddings/book.xlsx": zipped({"xl/sharedStrings.xml": planted("嵌入工作簿处")}),
        "word/embeddings/object.bin": planted("嵌入对象处"),
        f"word/media/{NAME}{NUMBER}.jpeg": grey_jpeg(),
        **_package_parts(),
        "word/_rels/document.xml.rels": _listing(
            ("rIdStyles", "styles", "styles.xml"),
            ("rIdHead1", "header", "header1.xml"),
            ("rIdHead2", "header", "header2.xml"),
            ("rIdFoot", "footer", "footer1.xml"),
            ("rIdNotes", "footnotes", "footnotes.xml"),
            ("rIdEnds", "endnotes", "endnotes.xml"),
            ("rIdComments", "comments", "comments.xml"),
            ("rIdPeople", f"{MICROSOFT}/people", "people.xml"),
            ("rIdGlossary", "glossaryDocument", "glossary/document.xml"),
            ("rIdSettings", "settings", "settings.xml"),
            ("rIdNumbers", "numbering", "numbering.xml"),
            ("rIdChart", "chart", "charts/chart1.xml"),
            ("rIdObject", "oleObject", "embeddings/object.bin"),
            ("rIdPicture", "image", f"media/{NAME}{NUMBER}.jpeg"),
            ("rIdMail", "hyperlink", f"mailto:{NAME}{NUMBER}@example.com"),
            ("rIdData", "customXml", "../customXml/item1.xml"),
            *more,
        ),
        "_rels/.rels": _listing(("rId1", "officeDocument", "word/document.xml"), *_PACKAGE_LINKS),
        **(parts or {}),
    }
    return zipped({"[Content_Types].xml": "<Types/>", **entries})


def hide(opened, masks: dict[str, str] = MASKS) -> dict[int, list[Edit]]:
    """The edits of a flow that found these values and swept them through every slot, across lines too."""
    found: dict[int, list[Edit]] = {}
    for index, slot in enumerate(opened.slots):
        text = slot.text.replace("\n", "")  # a break inside a number
        gaps = [at for at, character in enumerate(slot.text) if character != "\n"]
        for value, mask in masks.items():
            at = text.find(value)
            while at >= 0:
                span = Span(gaps[at], gaps[at + len(value) - 1] + 1)
                found.setdefault(index, []).append(Edit(span, mask))
                at = text.find(value, at + len(value))
    return found


def unpacked(data: bytes) -> str:
    """Names and contents of all parts in every encoding of this trade, parts of parts as well."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        for name in box.namelist():
            content = box.read(name)
            texts.append(name)
            texts += [content.decode(code, "ignore") for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
            texts += [unpacked(content)] if content.startswith(b"PK") else []
    return "\n".join(texts)


def rezipped(data: bytes, **changed: str | bytes | None) -> bytes:
    """The same package with other parts; `__` in a key stands for `/`, `_dot_` for a dot, None takes a part out."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        parts: dict[str, str | bytes] = {name: box.read(name) for name in box.namelist()}
    for key, content in changed.items():
        name = key.replace("__", "/").replace("_dot_", ".")
        parts.pop(name, None)
        if content is not None:
            parts[name] = content
    return zipped(parts)


def loaded(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))
