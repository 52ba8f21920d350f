"""OFD packages with invented personal data in one place or in all that can hold some, and what is left of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from files import _picture, zipped

NAME, NUMBER, HOME = "欧阳一叶", "330199199003075415", "青禾县东街12号3单元402室"
TOLD = f"{NAME}，{NUMBER}，{HOME}"
LINE = "经审核，同意给予临时救助。"
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
Parts = dict[str, str | bytes]
#: Each puts the text into one place of the parts of a package of one page.
PLACES: dict[str, Callable[[Parts, str], None]] = {}
DOCUMENT, CONTENT, RESOURCES = "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml", "Doc_0/DocumentRes.xml"
TEMPLATE, UNITS = "Doc_0/Tpls/Tpl_0/Content.xml", "Doc_0/PublicRes.xml"

Place = Callable[[Parts, str], None]


def place(name: str) -> Callable[[Place], Place]:
    def keep(function: Place) -> Place:
        PLACES[name] = function
        return function

    return keep


def text_object(text: str, down: float = 40, number: int = 60, inside: str = "", **settings: str) -> str:
    steps = " ".join("5" if ord(char) > 255 else "2.5" for char in text[:-1])
    more = "".join(f' {key}="{value}"' for key, value in settings.items())
    return (
        f'<ofd:TextObject ID="{number}" Boundary="20 {down} 180 7" Font="1" Size="5"{more}>{inside}'
        f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def base() -> Parts:
    """One page over a template, with a drawn unit, a small picture, and a font by name."""
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    picture = io.BytesIO()
    _picture().save(picture, "PNG")
    return {
        "OFD.xml": f'<ofd:OFD {SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
        "<!--信息--></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><!--其他--></ofd:DocBody></ofd:OFD>",
        DOCUMENT: f"<ofd:Document {SPACE}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID>{area}"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        '<ofd:TemplatePage ID="3" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>'
        '<ofd:Page ID="10" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages><!--其他--></ofd:Document>',
        UNITS: f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="宋体"/></ofd:Fonts>'
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5" Width="180" Height="7"><ofd:Content><!--单元-->'
        "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>",
        RESOURCES: f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="6" Type="Image" Format="PNG">'
        "<ofd:MediaFile>photo.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>",
        "Doc_0/Res/photo.png": picture.getvalue(),
        TEMPLATE: f'<ofd:Page {SPACE}><ofd:Content><ofd:Layer ID="70"><!--模板--></ofd:Layer></ofd:Content></ofd:Page>',
        CONTENT: f'<ofd:Page {SPACE}><ofd:Template TemplateID="3"/><ofd:Content><ofd:Layer ID="50">'
        f'{text_object(LINE, 20)}<ofd:CompositeObject ID="51" Boundary="0 30 180 7" ResourceID="5"/>'
        '<ofd:ImageObject ID="52" Boundary="150 250 30 30" CTM="30 0 0 30 0 0" ResourceID="6"/><!--正文-->'
        "</ofd:Layer></ofd:Content><!--页面--></ofd:Page>",
    }


def insert(parts: Parts, name: str, mark: str, xml: str) -> None:
    whole = parts[name]
    assert isinstance(whole, str) and f"<!--{mark}-->" in whole
    parts[name] = whole.replace(f"<!--{mark}-->", f"{xml}<!--{mark}-->")


def planted(*names: str) -> bytes:
    parts = base()
    for name in names:
        PLACES[name](parts, TOLD)
    return zipped(parts)


def left(data: bytes) -> set[str]:
    """Which of the values stand in a part or a name of a part, tags left out, in any encoding."""
    pieces = [data]
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        for name in box.namelist():
            body = box.read(name)
            pieces += [name.encode(), body, re.sub(rb"<[^<>]*>", b"", body)]
    whole = b"\n".join(pieces)
    encodings = ("utf-8", "utf-16-be", "utf-16-le", "gb18030")
    return {value for value in (NAME, NUMBER, HOME) for encoding in encodings if value.encode(encoding) in whole}


@place("正文")
def _(parts, text):
    insert(parts, CONTENT, "正文", text_object(text, 50))


@place("几段文字")
def _(parts, text):
    pieces, across = "", 0.0
    for start in range(0, len(text), 3):
        piece = text[start : start + 3]
        widths = [5 if ord(char) > 255 else 2.5 for char in piece]
        steps = " ".join(map(str, widths[:-1]))
        pieces += f'<ofd:TextCode X="{across}" Y="5" DeltaX="{steps}">{piece}</ofd:TextCode>'
        across += sum(widths)
    insert(parts, CONTENT, "正文", f'<ofd:TextObject ID="61" Boundary="20 58 180 7" Size="5">{pieces}</ofd:TextObject>')


def widths(text: str) -> list[float]:
    return [5 if ord(char) > 255 else 2.5 for char in text]


@place("几个对象")
def _(parts, text):
    across = 20.0
    for half in (text[: len(text) // 2], text[len(text) // 2 :]):
        steps = " ".join(map(str, widths(half[:-1])))
        code = f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">{half}</ofd:TextCode>'
        xml = f'<ofd:TextObject ID="62" Boundary="{across} 66 180 7" Size="5">{code}</ofd:TextObject>'
        insert(parts, CONTENT, "正文", xml)
        across += sum(widths(half))


@place("字形变换")
def _(parts, text):
    glyphs = "".join(
        f'<ofd:CGTransform CodePosition="{at}" CodeCount="1" GlyphCount="1"><ofd:Glyphs>{900 + at}</ofd:Glyphs>'
        "</ofd:CGTransform>"
        for at in range(len(text))
    )
    insert(parts, CONTENT, "正文", text_object(text, 74, 63, glyphs))


@place("重复描画")
def _(parts, text):
    insert(parts, CONTENT, "正文", text_object(text, 82, 64) + text_object(text, 82, 65))


@place("嵌套的块")
def _(parts, text):
    insert(parts, CONTENT, "正文", f'<ofd:PageBlock ID="66">{text_object(text, 90, 67)}</ofd:PageBlock>')


@place("模板页")
def _(parts, text):
    insert(parts, TEMPLATE, "模板", text_object(text, 98, 71))


@place("复合图元")
def _(parts, text):
    insert(parts, UNITS, "单元", text_object(text, 80, 53))


@place("页面以外")
def _(parts, text):
    insert(parts, CONTENT, "正文", text_object(text, 900, 68))


@place("没有用到的模板")
def _(parts, text):
    parts["Doc_0/Tpls/Tpl_1/Content.xml"] = str(parts[TEMPLATE]).replace("<!--模板-->", text_object(text, 20, 72))
    more = '<ofd:TemplatePage ID="4" BaseLoc="Tpls/Tpl_1/Content.xml"/></ofd:CommonData>'
    parts[DOCUMENT] = str(parts[DOCUMENT]).replace("</ofd:CommonData>", more)


@place("不可见的对象")
def _(parts, text):
    insert(parts, CONTENT, "正文", text_object(text, 106, 69, Visible="false"))


@place("剪裁文字")
def _(parts, text):
    clip = f"<ofd:Clips><ofd:Clip><ofd:Area><ofd:Text>{text_object(text)}</ofd:Text></ofd:Area></ofd:Clip></ofd:Clips>"
    insert(parts, CONTENT, "正文", text_object("剪裁", 114, 73, clip))


@place("图案")
def _(parts, text):
    cell = f"<ofd:CellContent>{text_object(text)}</ofd:CellContent>"
    fill = f'<ofd:FillColor><ofd:Pattern Width="9" Height="9">{cell}</ofd:Pattern></ofd:FillColor>'
    insert(parts, CONTENT, "正文", text_object("图案", 122, 74, fill))


@place("对象名称")
def _(parts, text):
    insert(parts, CONTENT, "正文", text_object("名称", 130, 75, Name=text, 自定义=text))


@place("页面动作")
def _(parts, text):
    uri = f'<ofd:Actions><ofd:Action Event="CLICK"><ofd:URI URI="mailto:{text}@example.cn"/></ofd:Action></ofd:Actions>'
    insert(parts, CONTENT, "页面", uri)


@place("注释")
def _(parts, text):
    insert(parts, CONTENT, "正文", f"<!--{text}--><?note {text}?>")


@place("批注")
def _(parts, text):
    insert(parts, DOCUMENT, "其他", "<ofd:Annotations>Annots.xml</ofd:Annotations>")
    page = '<ofd:Page PageID="10"><ofd:FileLoc>Annot.xml</ofd:FileLoc></ofd:Page>'
    parts["Doc_0/Annots.xml"] = f"<ofd:Annotations {SPACE}>{page}</ofd:Annotations>"
    parts["Doc_0/Annot.xml"] = (
        f'<ofd:PageAnnot {SPACE}><ofd:Annot ID="80" Creator="{text}"><ofd:Remark>{text}</ofd:Remark>'
        f"<ofd:Appearance>{text_object(text)}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
    )


@place("附件")
def _(parts, text):
    insert(parts, DOCUMENT, "其他", "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>")
    one = f'<ofd:Attachment ID="81" Name="{text}"><ofd:FileLoc>{text}.txt</ofd:FileLoc></ofd:Attachment>'
    parts["Doc_0/Attachs/Attachments.xml"] = f"<ofd:Attachments {SPACE}>{one}</ofd:Attachments>"
    parts[f"Doc_0/Attachs/{text}.txt"] = text


@place("自定义标引")
def _(parts, text):
    insert(parts, DOCUMENT, "其他", "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>")
    parts["Doc_0/Tags/CustomTags.xml"] = (
        f"<ofd:CustomTags {SPACE}><ofd:CustomTag>{text}</ofd:CustomTag></ofd:CustomTags>"
    )


@place("扩展数据")
def _(parts, text):
    insert(parts, DOCUMENT, "其他", "<ofd:Extensions>Extensions.xml</ofd:Extensions>")
    one = f'<ofd:Extension AppName="{text}">{text}</ofd:Extension>'
    parts["Doc_0/Extensions.xml"] = f"<ofd:Extensions {SPACE}>{one}</ofd:Extensions>"


@place("电子签章")
def _(parts, text):
    insert(parts, "OFD.xml", "其他", "<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>")
    parts["Doc_0/Signs/Signatures.xml"] = (
        f"<ofd:Signatures {SPACE}><ofd:Signature>{text}</ofd:Signature></ofd:Signatures>"
    )
    parts["Doc_0/Signs/Sign_0/SignedValue.dat"] = text.encode("utf-16-be")


@place("历史版本")
def _(parts, text):
    insert(parts, "OFD.xml", "其他", '<ofd:Versions><ofd:Version ID="1" BaseLoc="Doc_0/Version.xml"/></ofd:Versions>')
    parts["Doc_0/Version.xml"] = f'<ofd:DocVersion {SPACE} Name="{text}"/>'


@place("文档信息")
def _(parts, text):
    fields = "".join(f"<ofd:{key}>{text}</ofd:{key}>" for key in ("Author", "Subject", "Abstract", "Creator", "Cover"))
    words = f"<ofd:Keywords><ofd:Keyword>{text}</ofd:Keyword></ofd:Keywords>"
    custom = f'<ofd:CustomDatas><ofd:CustomData Name="姓名">{text}</ofd:CustomData></ofd:CustomDatas>'
    insert(parts, "OFD.xml", "信息", fields + words + custom)


@place("标题")
def _(parts, text):
    insert(parts, "OFD.xml", "信息", f"<ofd:Title>{text}</ofd:Title>")


@place("书签")
def _(parts, text):
    inner = (
        '<ofd:Actions><ofd:Action Event="CLICK"><ofd:Goto><ofd:Dest Type="XYZ" PageID="10"/></ofd:Goto></ofd:Action>'
    )
    outline = f'<ofd:OutlineElem Title="{text}">{inner}</ofd:Actions></ofd:OutlineElem>'
    insert(parts, DOCUMENT, "其他", f"<ofd:Outlines>{outline}</ofd:Outlines>")
    mark = f'<ofd:Bookmark Name="{text}"><ofd:Dest Type="XYZ" PageID="10"/></ofd:Bookmark>'
    insert(parts, DOCUMENT, "其他", f"<ofd:Bookmarks>{mark}</ofd:Bookmarks>")


@place("图片文件名")
def _(parts, text):
    parts[f"Doc_0/Res/{text}.png"] = parts.pop("Doc_0/Res/photo.png")
    parts[RESOURCES] = str(parts[RESOURCES]).replace("photo.png", f"{text}.png")


@place("图片元数据")
def _(parts, text):
    target = io.BytesIO()
    _picture().save(target, "JPEG", comment=text.encode())
    parts["Doc_0/Res/photo.png"] = target.getvalue()


@place("多余的部件")
def _(parts, text):
    parts["Doc_0/notes.xml"] = f"<notes>{text}</notes>"
    parts["Doc_0/Thumbs.db"] = text.encode("gb18030")
