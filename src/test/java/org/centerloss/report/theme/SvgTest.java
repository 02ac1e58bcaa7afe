package org.centerloss.report.theme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class SvgTest {
    private static byte[] svg(String title, Consumer<Graphics2D> drawing) {
        return Svg.of(300, 200, title, "a description", drawing);
    }

    /** The file's content; a file that is not well-formed fails. */
    private static Document parse(byte[] svg) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        } catch (Exception e) {
            throw new AssertionError(new String(svg, StandardCharsets.UTF_8), e);
        }
    }

    private static List<Element> elements(byte[] svg, String name) {
        NodeList found = parse(svg).getElementsByTagNameNS("http://www.w3.org/2000/svg", name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    /** What can be read in a file. */
    public static List<String> texts(byte[] svg) {
        return elements(svg, "text").stream().map(Element::getTextContent).toList();
    }

    private static void write(Graphics2D graphics, String text) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
        graphics.drawString(text, 20, 30);
    }

    @Test
    void aFileHasItsSizeAndItsNames() {
        byte[] svg = svg("a title", graphics -> graphics.fillRect(1, 2, 3, 4));
        Element root = parse(svg).getDocumentElement();
        assertEquals("svg", root.getLocalName());
        assertEquals("300", root.getAttribute("width"));
        assertEquals("0 0 300 200", root.getAttribute("viewBox"));
        assertEquals("a title", elements(svg, "title").get(0).getTextContent());
        assertEquals("a description", elements(svg, "desc").get(0).getTextContent());
    }

    @Test
    void textStaysTextAsWideAsItIsHere() {
        int[] width = new int[1];
        byte[] svg =
                svg(
                        "a",
                        graphics -> {
                            write(graphics, "Ångström 猫");
                            width[0] = graphics.getFontMetrics().stringWidth("Ångström 猫");
                        });
        assertEquals(List.of("Ångström 猫"), texts(svg));
        Element text = elements(svg, "text").get(0);
        assertEquals(width[0], Double.parseDouble(text.getAttribute("textLength")));
        assertTrue(new String(svg, StandardCharsets.UTF_8).contains("font-family=\"sans-serif\""));
    }

    @Test
    void whateverTheTextIsTheFileIsWellFormed() {
        String markup = "</text><script>alert(1)</script> & \"x\" ]]>";
        assertEquals(List.of(markup), texts(svg(markup, graphics -> write(graphics, markup))));
        String odd = "bell \u0007, escape \u001b[31m, lone \ud83d, \uffff";
        byte[] svg = svg(odd, graphics -> write(graphics, odd));
        assertEquals(List.of("bell \ufffd, escape \ufffd[31m, lone \ufffd, \ufffd"), texts(svg));
        assertEquals(texts(svg).get(0), elements(svg, "title").get(0).getTextContent());
    }

    @Test
    void imagesStandInsideWithEveryPixel() throws Exception {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(1, 0, 0x123456);
        byte[] svg =
                svg(
                        "a",
                        graphics -> {
                            graphics.setRenderingHint(
                                    RenderingHints.KEY_INTERPOLATION,
                                    RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
                            graphics.drawImage(image, 10, 10, 100, 50, null);
                        });
        Element element = elements(svg, "image").get(0);
        String address = element.getAttributeNS("http://www.w3.org/1999/xlink", "href");
        String prefix = "data:image/png;base64,";
        assertTrue(address.startsWith(prefix), address);
        byte[] png = Base64.getDecoder().decode(address.substring(prefix.length()));
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
        assertEquals(0xFF123456, read.getRGB(1, 0));
    }

    @Test
    void nothingOutsideIsAskedForAndTheSameDrawingGivesTheSameBytes() {
        Consumer<Graphics2D> drawing =
                graphics -> {
                    graphics.setColor(new Color(1, 2, 3, 100));
                    graphics.clipRect(0, 0, 50, 50);
                    graphics.fillOval(0, 0, 99, 99);
                    write(graphics, "x");
                };
        byte[] svg = svg("a", drawing);
        assertArrayEquals(svg, svg("a", drawing));
        String text = new String(svg, StandardCharsets.UTF_8);
        assertFalse(text.contains("<!"), "no document type, no comment");
        assertEquals(
                "", text.replace("http://www.w3.org/2000/svg", "").replaceAll("[^/]|/(?!/)", ""));
    }
}
