<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes"/>
  <xsl:template match="/feed">
    <feed><xsl:for-each select="entry"><xsl:sort/><xsl:copy-of select="."/></xsl:for-each></feed>
  </xsl:template>
</xsl:stylesheet>
