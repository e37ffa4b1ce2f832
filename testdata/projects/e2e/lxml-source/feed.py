from lxml import etree

feed = etree.fromstring("<feed><entry>b</entry><entry>a</entry></feed>")
sort = etree.XSLT(etree.parse("sort.xsl"))
print(str(sort(feed)).strip())
