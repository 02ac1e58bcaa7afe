package org.centerloss.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.centerloss.base.Printable;
import org.centerloss.report.theme.Chart;
import org.centerloss.report.theme.Picture;

/**
 * A page that stands alone: its style, script and pictures are inside it, and it asks nobody for
 * anything. All its text is plain and is escaped when it is written.
 *
 * @param kicker a few words above the title
 * @param lead a line below it
 */
record HtmlPage(String kicker, String title, String lead, List<Section> sections) {
    private static final String CHART_LIBRARY = "/META-INF/resources/webjars/uplot/1.6.30/";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A part with a heading.
     *
     * @param id its name in links
     * @param note a sentence below the heading; null for none
     * @param beside whether figures stand beside each other where there is room
     */
    record Section(
            String id,
            String heading,
            String note,
            List<Fact> facts,
            List<Chart> charts,
            List<Figure> figures,
            boolean beside,
            List<Table> tables) {

        static Section ofFacts(String id, String heading, List<Fact> facts) {
            return new Section(id, heading, null, facts, List.of(), List.of(), false, List.of());
        }

        static Section ofCharts(String id, String heading, String note, List<Chart> charts) {
            return new Section(id, heading, note, List.of(), charts, List.of(), false, List.of());
        }

        static Section ofFigures(
                String id, String heading, String note, List<Figure> figures, boolean beside) {
            return new Section(id, heading, note, List.of(), List.of(), figures, beside, List.of());
        }

        static Section ofTables(String id, String heading, String note, List<Table> tables) {
            return new Section(id, heading, note, List.of(), List.of(), List.of(), false, tables);
        }

        boolean hasFacts() {
            return !facts.isEmpty();
        }

        boolean hasCharts() {
            return !charts.isEmpty();
        }

        boolean hasFigures() {
            return !figures.isEmpty();
        }

        boolean hasTables() {
            return !tables.isEmpty();
        }
    }

    /**
     * A value with its name.
     *
     * @param note what to know about it; null for nothing
     * @param leading whether it is what a reader looks for first
     */
    record Fact(String name, String value, String note, boolean leading) {}

    /**
     * A table whose rows have names.
     *
     * @param head what the columns hold, the names' column included; empty for no head
     * @param numeric whether every cell is a number
     */
    record Table(String caption, List<String> head, List<Row> rows, boolean numeric) {
        boolean hasHead() {
            return !head.isEmpty();
        }
    }

    /**
     * A row of a table.
     *
     * @param note what to know about it, below its name; null for nothing
     * @param marked whether it stands out
     */
    record Row(String name, String note, List<Cell> cells, boolean marked) {
        static Row of(String name, String... cells) {
            return new Row(
                    name,
                    null,
                    Arrays.stream(cells).map(text -> new Cell(text, false)).toList(),
                    false);
        }
    }

    /**
     * A cell of a table.
     *
     * @param marked whether it stands out
     */
    record Cell(String text, boolean marked) {}

    /**
     * A picture with its caption, in both looks.
     *
     * @param svg where a file of it is that can be enlarged without limit; null for none
     * @param moving whether it is hidden where motion is unwanted, and in print
     * @param wide whether it has a row of the page for itself
     */
    record Figure(
            String title,
            String caption,
            Image light,
            Image dark,
            String svg,
            boolean moving,
            boolean wide) {
        /** Pixels from which a picture has a row for itself. */
        private static final int WIDE = 1000;

        static Figure of(Picture light, Picture dark, String svg) {
            boolean moving = light.format().equals("gif");
            return new Figure(
                    light.title(),
                    light.caption(),
                    Image.of(light),
                    Image.of(dark),
                    svg,
                    moving,
                    moving || light.width() >= WIDE * light.scale());
        }

        /** The same as one of several beside each other. */
        Figure beside(String otherTitle) {
            return new Figure(otherTitle, caption, light, dark, svg, moving, false);
        }
    }

    /**
     * An image inside the page.
     *
     * @param address its content, as a {@code data:} address
     * @param width pixels of a usual screen
     * @param height likewise
     * @param headingHeight likewise, of the strip at its upper edge that the page hides, since the
     *     page says the same beside it
     */
    record Image(String address, int width, int height, int headingHeight) {
        static Image of(Picture picture) {
            String content = Base64.getEncoder().encodeToString(picture.bytes());
            return new Image(
                    "data:" + picture.mediaType() + ";base64," + content,
                    picture.width() / picture.scale(),
                    picture.height() / picture.scale(),
                    picture.headingHeight() / picture.scale());
        }
    }

    /** The page as HTML. */
    String toHtml() {
        List<Chart> charts = sections.stream().flatMap(s -> s.charts().stream()).toList();
        return Mustache.compiler()
                .withEscaper(text -> Escapers.HTML.escape(Printable.of(text)))
                .compile(resource("page.html"))
                .execute(
                        Map.of(
                                "page", this,
                                "style", resource("page.css"),
                                "script", resource("page.js"),
                                "chartStyle", resource(CHART_LIBRARY + "dist/uPlot.min.css"),
                                "chartScript", resource(CHART_LIBRARY + "dist/uPlot.iife.min.js"),
                                "chartLicence", resource(CHART_LIBRARY + "LICENSE"),
                                "charts", inScript(charts)));
    }

    /** JSON that cannot end the script element that it stands in. */
    static String inScript(Object value) {
        try {
            return JSON.writeValueAsString(value).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
