package org.centerloss.report.theme;

import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.DefaultExtensionHandler;
import org.apache.batik.svggen.DefaultImageHandler;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Drawings as SVG 1.1. Text stays text, as wide as it was measured here whatever font a viewer has.
 * The same drawing gives the same bytes.
 */
final class Svg {
    private static final String NAMESPACE = "http://www.w3.org/2000/svg";
    private static final String XLINK = "http://www.w3.org/1999/xlink";

    /** Decimals of coordinates: a hundredth of a pixel. */
    private static final int PRECISION = 2;

    private Svg() {}

    /**
     * An SVG file.
     *
     * @param width in pixels of 1/96 inch
     * @param height likewise
     * @param title what viewers show as its name
     * @param description what those are told who do not see it
     */
    static byte[] of(
            int width, int height, String title, String description, Consumer<Graphics2D> drawing) {
        Document document = emptyDocument();
        SVGGeneratorContext context =
                SVGGraphics2D.buildSVGGeneratorContext(
                        document, new ImagesInside(), new DefaultExtensionHandler());
        context.setPrecision(PRECISION);
        context.setComment(null);
        SVGGraphics2D graphics = new Canvas(context);
        drawing.accept(graphics);
        Element root = graphics.getRoot();
        root.setAttribute("width", String.valueOf(width));
        root.setAttribute("height", String.valueOf(height));
        root.setAttribute("viewBox", "0 0 %d %d".formatted(width, height));
        root.insertBefore(text(document, "desc", description), root.getFirstChild());
        root.insertBefore(text(document, "title", title), root.getFirstChild());
        return bytes(root);
    }

    private static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(NAMESPACE, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(Element root) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            transformer.setOutputProperty(OutputKeys.STANDALONE, "yes");
            transformer.transform(new DOMSource(root), new StreamResult(out));
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static Element text(Document document, String name, String text) {
        Element element = document.createElementNS(NAMESPACE, name);
        element.setTextContent(allowed(text));
        return element;
    }

    /** {@code text}, with U+FFFD for what XML cannot hold: control characters, lone surrogates. */
    private static String allowed(String text) {
        return text.codePoints()
                .map(c -> allowed(c) ? c : 0xFFFD)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean allowed(int codePoint) {
        return !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.SURROGATE
                && codePoint != 0xFFFE
                && codePoint != 0xFFFF;
    }

    /** Images stand in the file as PNG. */
    private static final class ImagesInside extends DefaultImageHandler {
        @Override
        protected void handleHREF(
                RenderedImage image, Element element, SVGGeneratorContext context) {
            String content = Base64.getEncoder().encodeToString(Png.of(image));
            element.setAttributeNS(XLINK, "xlink:href", "data:image/png;base64," + content);
        }

        @Override
        protected void handleHREF(Image image, Element element, SVGGeneratorContext context) {
            handleHREF((RenderedImage) image, element, context);
        }
    }

    private static final class Canvas extends SVGGraphics2D {
        Canvas(SVGGeneratorContext context) {
            super(context, false);
            setColor(Color.BLACK);
        }

        private Canvas(Canvas other) {
            super(other);
        }

        @Override
        public Graphics create() {
            return new Canvas(this);
        }

        @Override
        public void drawString(String text, float x, float y) {
            if (text.isBlank()) {
                return;
            }
            Element element = text(getDOMFactory(), "text", text);
            element.setAttribute("x", number(x));
            element.setAttribute("y", number(y));
            element.setAttribute("textLength", number(getFontMetrics().stringWidth(text)));
            element.setAttribute("lengthAdjust", "spacingAndGlyphs");
            domGroupManager.addElement(element, DOMGroupManager.FILL);
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
    }
}
