package org.centerloss.cli.table;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.centerloss.base.NameList;
import org.centerloss.cli.command.EvaluationResult;
import org.centerloss.evaluate.metric.EmbeddingMetrics;
import org.centerloss.evaluate.metric.PairVerification;
import org.centerloss.evaluate.metric.PairVerification.TarAtFar;
import org.centerloss.evaluate.metric.Retrieval;

/**
 * Shows a person what {@code evaluate} found out.
 *
 * @param width of the terminal, in characters
 */
public record EvaluationTables(PrintWriter out, int width) {
    private static final int NAME_WIDTH = 32;
    private static final int CELL_WIDTH = 22;
    private static final String NOT_MEASURABLE = "not measurable";

    public void print(EvaluationResult result) {
        out.printf(
                "%s, loss %s, %d features, trained for %d steps%n",
                result.checkpoint(), result.loss(), result.features(), result.step());
        out.printf(
                Locale.ROOT,
                "%s (%s), %s images, on %s: accuracy %.2f %% (%d images)%n",
                result.dataset(),
                result.source(),
                result.split(),
                result.device(),
                100 * result.known().accuracy(),
                result.known().images());
        printWays(result.known());
        ClassTables tables =
                new ClassTables(out, width, result.known().classes(), result.known().confusion());
        tables.printClasses();
        out.println();
        tables.printConfusion();
        if (result.others() != null) {
            out.println();
            out.printf(
                    "%s: %s (%d images)%n",
                    result.heldOut() != null ? "held out of training" : "unknown to the model",
                    NameList.of(result.others().classes()),
                    result.others().images());
        }
        if (result.known().metrics() != null) {
            out.println();
            printMetrics(
                    result.others() == null
                            ? List.of(result.known().metrics())
                            : List.of(result.known().metrics(), result.others().metrics()),
                    result.heldOut() != null ? "held out" : "unknown classes");
        }
        if (result.threshold() != null) {
            out.println();
            printThreshold(result);
        }
    }

    /** How images were classified, and how they might have been. */
    private void printWays(EvaluationResult.KnownClasses known) {
        out.print("classified by the " + known.classifiedBy());
        known.accuracies()
                .named()
                .forEach(
                        (way, accuracy) -> {
                            if (!way.equals(known.classifiedBy())) {
                                out.printf(Locale.ROOT, "; by the %s %.2f %%", way, 100 * accuracy);
                            }
                        });
        out.printf("%ndistances to centers are to the %s%n%n", known.centers());
    }

    /** A column for the known classes, and one for the others where there are such. */
    private void printMetrics(List<EmbeddingMetrics> columns, String others) {
        List<String> heads = List.of("known classes", others).subList(0, columns.size());
        line("by distances between images", heads);
        row("images", columns, m -> String.valueOf(m.samples()));
        row("classes", columns, m -> String.valueOf(m.classes()));
        row("precision@1", columns, retrieval(r -> percent(r.precisionAt1())));
        row("R-precision", columns, retrieval(r -> percent(r.rPrecision())));
        row("MAP@R", columns, retrieval(r -> percent(r.mapAtR())));
        Function<EmbeddingMetrics, String> alone =
                retrieval(r -> String.valueOf(r.withoutFellows()));
        if (columns.stream().map(alone).anyMatch(count -> !count.equals("0"))) {
            row("  left out, alone in their class", columns, alone);
        }
        row("NMI with k-means", columns, m -> number(m.normalizedMutualInformation()));
        row(
                "silhouette",
                columns,
                m -> m.silhouette() == null ? NOT_MEASURABLE : number(m.silhouette()));
        row("area under the ROC", columns, pairs(v -> number(v.areaUnderRoc())));
        row("equal error rate", columns, pairs(v -> percent(v.equalErrorRate())));
        for (double far : PairVerification.FALSE_ACCEPT_RATES) {
            String name = BigDecimal.valueOf(far).stripTrailingZeros().toPlainString();
            row("TAR at FAR " + name, columns, pairs(v -> rate(v, far)));
        }
        row("  pairs of one class", columns, pairs(v -> count(v.samePairs(), v.sameMeasured())));
        row(
                "  pairs of two classes",
                columns,
                pairs(v -> count(v.differentPairs(), v.differentMeasured())));
    }

    private void row(
            String name,
            List<EmbeddingMetrics> columns,
            Function<EmbeddingMetrics, String> figure) {
        line(name, columns.stream().map(figure).toList());
    }

    private void line(String name, List<String> cells) {
        StringBuilder line = new StringBuilder(text("%-" + NAME_WIDTH + "s", name));
        cells.forEach(cell -> line.append(text("  %" + CELL_WIDTH + "s", cell)));
        out.println(line);
    }

    private static String text(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static Function<EmbeddingMetrics, String> retrieval(
            Function<Retrieval, String> figure) {
        return m -> m.retrieval() == null ? NOT_MEASURABLE : figure.apply(m.retrieval());
    }

    private static Function<EmbeddingMetrics, String> pairs(
            Function<PairVerification, String> figure) {
        return m -> m.verification() == null ? NOT_MEASURABLE : figure.apply(m.verification());
    }

    private static String rate(PairVerification verification, double falseAcceptRate) {
        return verification.trueAcceptRates().stream()
                .filter(rate -> rate.falseAcceptRate() == falseAcceptRate)
                .map(TarAtFar::trueAcceptRate)
                .filter(rate -> rate != null)
                .map(EvaluationTables::percent)
                .findFirst()
                .orElse(NOT_MEASURABLE);
    }

    private static String count(long pairs, int measured) {
        return measured == pairs
                ? String.valueOf(pairs)
                : String.format(Locale.ROOT, "%.2g, drawn %.2g", (double) pairs, (double) measured);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private void printThreshold(EvaluationResult result) {
        EvaluationResult.KnownClasses known = result.known();
        EvaluationResult.OtherClasses others = result.others();
        out.printf(
                Locale.ROOT,
                "unknown beyond a distance of %.4f from every center: %s of the images%s%n",
                result.threshold().distance(),
                percent(known.unknownShare()),
                others == null ? "" : ofOthers(result, others.unknownShare()));
        out.printf(
                "unknown beyond each class's own distance: %s of the images%s%n",
                percent(known.unknownSharePerClass()),
                others == null ? "" : ofOthers(result, others.unknownSharePerClass()));
        out.printf(
                "(%s of the %d correctly classified images lie within, of each class where it has"
                        + " enough:%n %s)%n",
                percent(result.threshold().knownShare()),
                result.threshold().correct(),
                result.threshold().images());
        if (others != null) {
            out.printf(
                    "known against %s, area under the ROC: %s, by each class's own distance %s%n",
                    result.heldOut() != null ? "held out" : "unknown classes",
                    number(others.areaUnderRoc()),
                    number(others.areaUnderRocPerClass()));
        }
    }

    private static String ofOthers(EvaluationResult result, double share) {
        return ", %s of those %s"
                .formatted(
                        percent(share),
                        result.heldOut() != null ? "held out" : "of unknown classes, rightly");
    }
}
