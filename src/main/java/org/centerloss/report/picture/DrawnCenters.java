package org.centerloss.report.picture;

import java.util.List;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.report.theme.Look;
import org.centerloss.report.theme.Marks;
import org.centerloss.report.theme.Plane;
import org.centerloss.report.theme.Sheet;
import org.centerloss.report.theme.Window;
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

    static DrawnCenters of(TrainingConfig config, Snapshot snapshot, Plane plane) {
        CenterKind kind = config.evaluatedBy();
        CenterKind otherKind = config.otherCenters();
        boolean both =
                snapshot.otherCenters() != null
                        && otherKind != kind
                        && snapshot.classes().size() <= MANY;
        return new DrawnCenters(
                snapshot.classes(),
                kind,
                plane.project(snapshot.centers()),
                otherKind,
                both ? plane.project(snapshot.otherCenters()) : null);
    }

    /** Whether there are too many for lines between marks and their names. */
    boolean many() {
        return classes.size() > MANY;
    }

    /** A window made large enough for all of them. */
    Window in(Window window) {
        Window withCenters = window.including(centers);
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
    void addLegend(Sheet sheet, Look look) {
        if (many()) {
            return;
        }
        for (int c = 0; c < classes.size(); c++) {
            String name = Sheet.fitting(classes.get(c), Sheet.metrics(Look.TEXT), LONGEST_NAME);
            sheet.legend(name, look.classMark(c, LEGEND_SIZE), look.classColor(c));
        }
        if (others != null) {
            sheet.legend(kind.text(), Marks.of(0, LEGEND_SIZE), look.softInk(), look.ink());
            sheet.legend(otherKind.text(), Marks.of(0, 9), look.background(), look.softInk());
        }
    }
}
