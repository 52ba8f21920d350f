"""What becomes of each kind of relation in an office file; a kind that isn't here makes the file refused by name."""

from __future__ import annotations

from gongkai.service.rewriting.ooxml import Rule

_OFFICE = "application/vnd.openxmlformats-officedocument."
_PACKAGE = "application/vnd.openxmlformats-package."


def _kept(kind: str, *, implicit: bool = False) -> Rule:
    return Rule("keep", content=f"{_OFFICE}{kind}+xml", implicit=implicit)


def _word(kind: str) -> Rule:
    return _kept(f"wordprocessingml.{kind}", implicit=True)


def _sheet(kind: str, *, implicit: bool = False) -> Rule:
    return _kept(f"spreadsheetml.{kind}", implicit=implicit)


def _dropped(said: str, *kinds: str) -> dict[str, Rule]:
    return {kind: Rule("drop", said) for kind in kinds}


def _refused(said: str, *kinds: str) -> dict[str, Rule]:
    return {kind: Rule("refuse", said) for kind in kinds}


_SHARED: dict[str, Rule] = {
    "core-properties": Rule("keep", content=f"{_PACKAGE}core-properties+xml", implicit=True),
    "extended-properties": _kept("extended-properties", implicit=True),
    "extendedProperties": _kept("extended-properties", implicit=True),
    "theme": _kept("theme", implicit=True),
    "chart": _kept("drawingml.chart"),
    "image": Rule("picture"),
    "hyperlink": Rule("link"),
    "diagramData": _kept("drawingml.diagramData"),
    "diagramLayout": _kept("drawingml.diagramLayout"),
    "diagramQuickStyle": _kept("drawingml.diagramStyle"),
    "diagramColors": _kept("drawingml.diagramColors"),
    **_dropped("自定义文档属性已删除", "custom-properties", "customProperties"),
    **_dropped("自定义 XML 数据{n}处已删除", "customXml", "customXmlProps", "xmlMaps", "tableSingleCells"),
    **_dropped("缩略图已删除", "thumbnail"),
    **_dropped("数字签名已删除（内容已改动，签名不再有效）", "origin", "signature", "certificate"),
    **_dropped("敏感度标签已删除", "classificationlabels"),
    **_dropped("嵌入的文件或对象{n}个已删除", "package", "oleObject", "control", "activeXControlBinary", "ctrlProp"),
    **_dropped("音频、视频{n}个已删除", "audio", "video", "media", "sound"),
    **_dropped("外部链接的数据{n}处已删除", "externalLink", "externalLinkPath", "connections", "queryTable", "frame"),
    **_dropped("新式图表{n}个已删除", "chartEx"),
    **_dropped("", "printerSettings", "chartStyle", "chartColorStyle", "chartUserShapes", "themeOverride", "hdphoto"),
    **_dropped("三维模型{n}个已删除", "model3d"),
    **_dropped("加载项{n}个已删除", "webextension", "webextensiontaskpanes", "taskpanes"),
    **_dropped("", "documenttasks", "documentTasks", "tasks", "intelligence"),
    **_dropped("", "diagramDrawing", "ink", "legacyDiagramText", "docMetadata", "customProperty"),
    **_refused("宏代码或自定义命令", "vbaProject", "wordVbaData", "vbaProjectSignature", "keyMapCustomizations"),
    **_refused("宏代码或自定义命令", "attachedToolbars", "xlMacrosheet", "xlIntlMacrosheet", "dialogsheet"),
    **_refused("自定义界面", "extensibility", "ui"),
}

WORD: dict[str, Rule] = {
    **_SHARED,
    "officeDocument": _word("document.main"),
    "styles": _word("styles"),
    "numbering": _word("numbering"),
    "fontTable": _word("fontTable"),
    "settings": _word("settings"),
    "header": _word("header"),
    "footer": _word("footer"),
    "footnotes": _word("footnotes"),
    "endnotes": _word("endnotes"),
    "comments": _word("comments"),
    **_dropped("批注的作者名录和回复关系已删除", "commentsExtended", "commentsIds", "commentsExtensible", "people"),
    **_dropped("文档部件库（自动图文集）已删除", "glossaryDocument"),
    **_dropped("嵌入的字体{n}个已删除（其中的字形会透露原文用字）", "font"),
    **_dropped("所附模板的路径已删除", "attachedTemplate"),
    **_dropped("邮件合并的数据源{n}处已删除", "mailMergeSource", "mailMergeHeaderSource", "mailMergeRecipientData"),
    **_dropped("邮件合并的数据源{n}处已删除", "recipientData"),
    **_dropped("", "webSettings", "stylesWithEffects", "transform", "attachedSchema"),
    **_refused("嵌入的其他格式正文（altChunk）", "aFChunk"),
    **_refused("主控文档的子文档", "subDocument"),
}

SHEET: dict[str, Rule] = {
    **_SHARED,
    "officeDocument": _sheet("sheet.main"),
    "worksheet": _sheet("worksheet"),
    "chartsheet": _sheet("chartsheet"),
    "sharedStrings": _sheet("sharedStrings", implicit=True),
    "styles": _sheet("styles", implicit=True),
    "comments": _sheet("comments", implicit=True),
    "table": _sheet("table"),
    "drawing": _kept("drawing"),
    **_dropped("数据透视表及其缓存{n}处已删除（单元格中的结果保留）", "pivotTable", "pivotCacheDefinition"),
    **_dropped("切片器、日程表{n}个已删除", "slicer", "slicerCache", "timeline", "timelineCache"),
    **_dropped("线程批注及其作者名录{n}处已删除（批注文字保留）", "threadedComment", "person"),
    **_dropped("数据模型{n}个已删除", "powerPivotData"),
    **_dropped("", "namedSheetViews", "namedSheetView", "FeaturePropertyBag", "customData", "customDataProps"),
    **_dropped("共享工作簿的修订记录{n}处已删除", "revisionHeaders", "usernames"),
    **_dropped("", "calcChain", "sheetMetadata", "volatileDependencies", "vmlDrawing", "legacyDrawingHF"),
    **_dropped("", "rdRichValue", "rdRichValueStructure", "rdRichValueTypes", "rdArray", "rdSupportingPropertyBag"),
    **_dropped("", "rdSupportingPropertyBagStructure", "richStyles", "richValueRel", "wsSortMap"),
}
