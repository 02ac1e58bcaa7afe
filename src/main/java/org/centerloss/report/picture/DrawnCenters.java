package org.centerloss.report.picture;

import java.util.List;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Markers;
import org.centerloss.report.theme.Projection;
import org.centerloss.report.theme.Theme;
import org.centerloss.report.theme.Viewport;
import org.centerloss.train.TrainingConfig;

/**
 * The centers of the classes as points of a plane: those that a run goes by, and the other kind
 * beside them, which shows how far trained centers lag behind their classes.
 *
 * @param classes their names
 * @param kind what the centers are
 * @param centers [2][classes]
 * @param otherKind what the others are
 * @param others [2][classes]; null where there are none or too many to be told apart
 */
record DrawnCenters(
        List<String> classes,
        CenterKind kind,
        double[][] centers,
        CenterKind otherKind,
        double[][] others) {
    /** With more classes a legend would be longer than the picture; centers bear names anyway. */
    private static final int MANY = 40;

    /** Pixels of a name in the legend. */
    private static final int LONGEST_NAME = 300;

    private static final double LEGEND_SIZE = 12;

    static DrawnCenters of(TrainingConfig config, Snapshot snapshot, Projection projection) {
        CenterKind kind = config.evaluatedBy();
        CenterKind otherKind = config.otherCenters();
        boolean both =
                snapshot.otherCenters() != null
                        && otherKind != kind
                        && snapshot.classes().size() <= MANY;
        return new DrawnCenters(
                snapshot.classes(),
                kind,
                projection.project(snapshot.centers()),
                otherKind,
                both ? projection.project(snapshot.otherCenters()) : null);
    }

    /** Whether there are too many for lines between marks and their names. */
    boolean many() {
        return classes.size() > MANY;
    }

    /** A window made large enough for all of them. */
    Viewport in(Viewport window) {
        Viewport withCenters = window.including(centers);
        return others == null ? withCenters : withCenters.including(others);
    }

    /** What a caption says of them. */
    String caption() {
        if (others != null) {
            return "Large marks are the %s; a line leads from each to a small hollow mark, %s."
                    .formatted(
                            kind.text(),
                            otherKind == CenterKind.MEANS
                                    ? "the mean of the class in the sample of the training images"
                                    : "the trained center of the class");
        }
        return "Large marks are the %s%s."
                .formatted(kind.text(), many() ? ", with names where there is room" : "");
    }

    /** Adds a legend of the classes to a sheet; none where they are too many. */
    void addLegend(Figure figure, Theme theme) {
        if (many()) {
            return;
        }
        for (int c = 0; c < classes.size(); c++) {
            String name = Figure.fitting(classes.get(c), Figure.metrics(Theme.TEXT), LONGEST_NAME);
            figure.legend(name, theme.classMark(c, LEGEND_SIZE), theme.classColor(c));
        }
        if (others != null) {
            figure.legend(kind.text(), Markers.of(0, LEGEND_SIZE), theme.softInk(), theme.ink());
            figure.legend(otherKind.text(), Markers.of(0, 9), theme.background(), theme.softInk());
        }
    }
}
