package org.centerloss.report.page;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.centerloss.base.InputException;
import org.centerloss.base.Output;
import org.centerloss.report.page.HtmlPage.Figure;
import org.centerloss.report.picture.RunPictures;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;

/** The HTML pages: about one run, with its pictures, and about several beside each other. */
public final class RunReport {
    /** Pictures of that name show features. */
    private static final String FEATURES = "features";

    /**
     * The features, which come first, and what the page has as curves that answer to the pointer.
     */
    private static final Set<String> NOT_AMONG_OTHERS = Set.of(FEATURES, "curves");

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
        Drawn drawn = Drawn.of(results, RunPictures::of);
        List<Path> files = RunPictures.write(run, drawn.light());
        write(
                page,
                RunPage.of(
                        results,
                        drawn.figures(page, picture -> picture.name().equals(FEATURES)),
                        drawn.figures(page, picture -> !NOT_AMONG_OTHERS.contains(picture.name())),
                        drawn.leftOut()));
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
        List<Drawn> drawn =
                results.stream().map(run -> Drawn.of(run, RunPictures::narrowFeaturesOf)).toList();
        List<List<Figure>> figures =
                drawn.stream().map(of -> of.figures(page, picture -> true)).toList();
        write(page, ComparisonPage.of(results, figures));
        return drawn.stream().flatMap(of -> of.trouble().stream()).findFirst();
    }

    /** A run's pictures in both looks, in the same order. */
    private record Drawn(Path run, List<Picture> light, List<Picture> dark, List<String> leftOut) {
        static Drawn of(RunResults run, Function<RunResults, RunPictures> choice) {
            try {
                Theme.requireFonts();
            } catch (InputException e) {
                return new Drawn(run.path(), List.of(), List.of(), List.of(e.getMessage()));
            }
            RunPictures pictures = choice.apply(run);
            return new Drawn(
                    run.path(),
                    pictures.draw(Theme.LIGHT),
                    pictures.draw(Theme.DARK),
                    pictures.leftOut());
        }

        Optional<String> trouble() {
            return light.isEmpty() ? leftOut.stream().findFirst() : Optional.empty();
        }

        /**
         * The pictures as figures of a page.
         *
         * @param page where it will be
         */
        List<Figure> figures(Path page, Predicate<Picture> wanted) {
            List<Figure> figures = new ArrayList<>();
            for (int i = 0; i < light.size(); i++) {
                if (wanted.test(light.get(i))) {
                    figures.add(Figure.of(light.get(i), dark.get(i), svg(page, light.get(i))));
                }
            }
            return figures;
        }

        /** The way from a page to the SVG file of a picture; null where there is none. */
        private String svg(Path page, Picture picture) {
            if (picture.svg() == null) {
                return null;
            }
            Path file = RunPictures.folder(run).resolve(picture.svgName());
            if (!Files.exists(file)) {
                return null;
            }
            Path way = absolute(page).getParent().relativize(absolute(file));
            try {
                // The dot keeps a colon in the first name from being read as the end of a scheme.
                return new URI(null, null, "./" + way, null).toASCIIString();
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static void write(Path file, HtmlPage page) {
        byte[] html = page.toHtml().getBytes(StandardCharsets.UTF_8);
        Output.write(file, out -> out.write(html));
    }
}
