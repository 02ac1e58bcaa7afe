package org.centerloss.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.centerloss.InputException;
import org.centerloss.report.HtmlPage.Figure;
import org.centerloss.train.Output;

/** The HTML pages: about one run, with its pictures, and about several beside each other. */
public final class RunReport {
    /** Pictures whose names start so show features: what a comparison shows of each run. */
    private static final String FEATURES = "features";

    /** A picture of what the page has as curves that answer to the pointer. */
    private static final String CURVES = "curves";

    private RunReport() {}

    /** Where a run's folder keeps its page. */
    public static Path file(Path run) {
        return run.resolve("report.html");
    }

    /**
     * What was written.
     *
     * @param page the page's file
     * @param pictures on a light background
     * @param files the pictures' files
     * @param trouble why there are no pictures, in a line; empty where there are
     */
    public record Written(
            Path page, List<Picture> pictures, List<Path> files, Optional<String> trouble) {
        /** The files of the pictures that show the features. */
        public List<Path> features() {
            return files.stream()
                    .filter(file -> file.getFileName().toString().startsWith(FEATURES))
                    .toList();
        }
    }

    /**
     * Draws the pictures of a run into its folder and writes the page about it; on a machine
     * without fonts the page has no pictures.
     *
     * @param page the file to write
     * @throws InputException if {@code run} is no run directory or has not finished an epoch, a
     *     file of it is damaged, or a file cannot be written
     */
    public static Written write(Path run, Path page) {
        RunResults results = RunResults.read(run);
        Drawn drawn = Drawn.of(results);
        write(
                page,
                RunPage.of(results, drawn.figures(p -> !p.name().equals(CURVES)), drawn.leftOut()));
        List<Path> files = RunPictures.write(run, drawn.light());
        return new Written(page, drawn.light(), files, drawn.trouble());
    }

    /**
     * Writes a page that compares runs.
     *
     * @param page the file to write
     * @return why there are no pictures, in a line; empty where there are
     * @throws InputException as {@link #write} does
     */
    public static Optional<String> compare(List<Path> runs, Path page) {
        List<RunResults> results = runs.stream().map(RunResults::read).toList();
        List<Drawn> drawn = results.stream().map(Drawn::of).toList();
        List<List<Figure>> figures =
                drawn.stream().map(of -> of.figures(p -> p.name().startsWith(FEATURES))).toList();
        write(page, ComparisonPage.of(results, figures));
        return drawn.stream().flatMap(of -> of.trouble().stream()).findFirst();
    }

    /** A run's pictures in both looks, in the same order. */
    private record Drawn(List<Picture> light, List<Picture> dark, List<String> leftOut) {
        static Drawn of(RunResults run) {
            try {
                Look.requireFonts();
            } catch (InputException e) {
                return new Drawn(List.of(), List.of(), List.of(e.getMessage()));
            }
            RunPictures pictures = RunPictures.of(run);
            return new Drawn(
                    pictures.draw(Look.LIGHT), pictures.draw(Look.DARK), pictures.leftOut());
        }

        Optional<String> trouble() {
            return light.isEmpty() ? leftOut.stream().findFirst() : Optional.empty();
        }

        List<Figure> figures(Predicate<Picture> wanted) {
            List<Figure> figures = new ArrayList<>();
            for (int i = 0; i < light.size(); i++) {
                if (wanted.test(light.get(i))) {
                    Figure figure = Figure.of(light.get(i), dark.get(i));
                    boolean moving = light.get(i).format().equals("gif");
                    // An animation follows the picture of its best epoch.
                    figures.add(
                            moving ? figure.withStill(figures.get(figures.size() - 1)) : figure);
                }
            }
            return figures;
        }
    }

    private static void write(Path file, HtmlPage page) {
        byte[] html = page.toHtml().getBytes(StandardCharsets.UTF_8);
        Output.write(file, out -> out.write(html));
    }
}
