package org.centerloss.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.centerloss.report.page.HtmlPage.Cell;
import org.centerloss.report.page.HtmlPage.Fact;
import org.centerloss.report.page.HtmlPage.Row;
import org.centerloss.report.page.HtmlPage.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageTest {
    @TempDir private Path folder;

    private HtmlPage page(String loss, int epochs) throws IOException {
        Path run =
                ExampleRun.write(
                        folder.resolve(loss), ExampleRun.config(loss, "fashion-mnist", 2, epochs));
        return RunPage.of(
                RunResults.read(run), List.of(), List.of(), List.of("scatter: no features"));
    }

    private static Section section(HtmlPage page, String id) {
        return page.sections().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    }

    private static String cells(Row row) {
        return row.name()
                + " | "
                + String.join(" | ", row.cells().stream().map(Cell::text).toList());
    }

    @Test
    void theSummaryTellsTheBestEpochAndTheReferencesFigure() throws IOException {
        List<Fact> facts = section(page("standalone", 3), "summary").facts();
        assertEquals(
                List.of(
                        "Best test accuracy: 81.25 % (in epoch 2 of 3, chosen by the same images,"
                                + " as in the reference)",
                        "The reference's accuracy: 92.1 % (this run: −10.85 points, with epochs 3 instead of 100)",
                        "Gap to training: −6.25 points (75.00 % on training images)",
                        "Loss: −15.2500 (intra 3.2500, inter 185.5000)",
                        "Speed: 2,560 images/s (25 s in training steps)",
                        "Device: cpu (" + ExampleRun.HOSTILE + ")"),
                facts.stream()
                        .map(f -> "%s: %s (%s)".formatted(f.name(), f.value(), f.note()))
                        .toList());
    }

    @Test
    void tablesHoldTheEpochsAndTheClassesOfTheBest() throws IOException {
        HtmlPage page = page("standalone", 3);
        List<Row> epochs = section(page, "epochs").tables().get(0).rows();
        assertEquals(
                "1 | 0.010 | −10.1235 | 3.5000 | 141.2500 | 62.50 % | 50.00 % | +12.50 | 1,280",
                cells(epochs.get(0)));
        assertEquals(List.of(false, true, false), epochs.stream().map(Row::marked).toList());
        assertEquals(
                List.of(
                        ExampleRun.HOSTILE + " | 93.75 % | 1.5313 | ± 0.2813",
                        "empty | – | – | ± –"),
                section(page, "classes").tables().get(0).rows().stream()
                        .map(RunPageTest::cells)
                        .toList());
    }

    @Test
    void curvesHoldTheNumbersOfTheFiles() throws IOException {
        JsonNode charts = charts(page("standalone", 3).toHtml());
        List<String> curves = new ArrayList<>();
        for (JsonNode chart : charts) {
            for (JsonNode series : chart.get("series")) {
                curves.add(
                        "%s %s: %s"
                                .formatted(
                                        series.get("name").asText(),
                                        chart.get("x"),
                                        series.get("values")));
            }
        }
        assertEquals(
                List.of(
                        "Test [1.0,2.0,3.0]: [0.5,0.8125,0.75]",
                        "Training [1.0,2.0,3.0]: [0.625,0.75,0.875]",
                        "Gap [1.0,2.0,3.0]: [0.125,-0.0625,0.125]",
                        "Loss [50.0,100.0,300.0]: [null,-12.0625,-30.5]",
                        "intra [1.0,2.0,3.0]: [3.5,3.25,2.5]",
                        "inter [1.0,2.0,3.0]: [141.25,185.5,276.75]",
                        "Rate [1.0,2.0,3.0]: [0.01,0.01,0.002]",
                        "Images/s [1.0,2.0,3.0]: [1280.0,2560.0,1280.0]"),
                curves);
    }

    private static JsonNode charts(String html) throws IOException {
        String start = "<script type=\"application/json\" id=\"charts\">";
        int from = html.indexOf(start) + start.length();
        return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    }

    @Test
    void whatUsersNameIsEscapedInTextAndInScripts() throws IOException {
        String html = page("standalone", 3).toHtml();
        assertFalse(html.contains(ExampleRun.HOSTILE));
        assertTrue(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
        assertEquals("[\"\\u003c/script>\"]", HtmlPage.inScript(List.of("</script>")));
    }

    @Test
    void theChartLibraryKeepsItsLicence() throws IOException {
        assertTrue(page("standalone", 3).toHtml().contains("The MIT License (MIT)"));
    }

    @Test
    void aRunThatIsNotFinishedIsCalledSo() throws IOException {
        HtmlPage page = page("cent", 20);
        assertTrue(page.lead().endsWith("not finished: 3 of 20 epochs so far"), page.lead());
    }

    @Test
    void aShorterRunIsNotSaidToBeLikeTheReferences() throws IOException {
        Fact reference = section(page("standalone", 100), "summary").facts().get(1);
        assertEquals("this run: −10.85 points, with 3 of its 100 epochs", reference.note());
    }

    @Test
    void settingsAreInWords() throws IOException {
        List<String> settings = new ArrayList<>();
        section(page("cent", 3), "settings")
                .tables()
                .forEach(
                        table ->
                                table.rows()
                                        .forEach(
                                                row ->
                                                        settings.add(
                                                                table.caption()
                                                                        + ": "
                                                                        + cells(row))));
        assertTrue(settings.contains("Optimization: batch size | 128"), settings.toString());
        assertTrue(settings.contains("Optimization: schedule patience | 10"), settings.toString());
        assertTrue(settings.contains("Data: data dir | none"), settings.toString());
        assertTrue(settings.contains("Data: held out classes | none"), settings.toString());
        assertTrue(settings.contains("Loss: inter weight | 0.1"), settings.toString());
        assertTrue(settings.contains("Data: augmentation flip | no"), settings.toString());
        assertTrue(settings.contains("Run: epochs | 3"), settings.toString());
        assertTrue(settings.contains("Run: centers | trained"), settings.toString());
    }
}
