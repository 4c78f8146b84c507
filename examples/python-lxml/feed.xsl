<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="html"/>
  <xsl:template match="/feed">
    <ul><xsl:for-each select="entry"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
  </xsl:template>
</xsl:stylesheet>
