package org.centerloss.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.loss.Objective;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.train.TrainingStep;

/**
 * Compares what a device computes with the results of a recorded run, and hands out a row for each.
 *
 * <p>The file holds a tensor whole, or its Euclidean norm and every k-th of its elements, k being
 * the metadata's {@value #STRIDE}. At the end it is not the parameters that are compared but how
 * far they have moved.
 */
final class RunComparison {
    private static final String STRIDE = "sample_stride";
    private static final String ZERO_IN_THEORY = "step0.grad.zero_in_theory";

    /** By how much a number that is stored in float32 is off at most, relatively. */
    private static final double FLOAT32_ROUNDING = 0x1p-24;

    private final RecordedFile file;
    private final RecordedRun run;
    private final RunRows rows;

    /** Whose gradients are rounding errors alone; null where the file does not say. */
    private final Set<String> zeroInTheory;

    RunComparison(RecordedFile file, RecordedRun run, RunRows rows) {
        this.file = file;
        this.run = run;
        this.rows = rows;
        zeroInTheory =
                file.states(ZERO_IN_THEORY)
                        ? new TreeSet<>(List.of(file.json(ZERO_IN_THEORY, String[].class)))
                        : null;
    }

    /** The names under which a result of one parameter stands in the file. */
    private record Names(String parameter, String whole, String norm, String sample) {
        static Names ofGradient(String parameter) {
            String step = "step0.grad";
            return new Names(
                    parameter,
                    step + "." + parameter,
                    step + "norm." + parameter,
                    step + "sample." + parameter);
        }

        static Names atTheEnd(String parameter) {
            String end = "final.";
            return new Names(
                    parameter,
                    end + parameter,
                    end + "norm." + parameter,
                    end + "sample." + parameter);
        }
    }

    /** A result of one parameter: what it is now, and what it was when the counting began. */
    private record Moved(Names names, double[] start, double[] now) {}

    /**
     * The loss of a step, counted from 0, and those of its terms that the file has. How near a term
     * must come is told by the whole: a file says no more of it.
     */
    void losses(int step, double[] recorded, TrainingStep found) {
        String ofStep = " of step " + (step + 1);
        double whole = rows.lossMagnitude(recorded[step]);
        loss("loss" + ofStep, step, found.loss(), recorded[step], whole);
        List<Objective.Term> terms = run.objective().terms();
        for (int i = 0; i < terms.size(); i++) {
            String part = "losses." + terms.get(i).name();
            if (file.holds(part)) {
                double[] values = file.take(part).requireShape(recorded.length).toDoubles();
                double now = found.terms()[i].toDoubles()[0];
                loss(part + ofStep, step, now, values[step], whole);
            }
        }
    }

    private void loss(String quantity, int step, double found, double recorded, double whole) {
        rows.add(
                quantity,
                new double[] {found},
                new double[] {recorded},
                t -> t.loss(step),
                Math.max(whole, Math.abs(recorded)),
                0);
    }

    /** Features and logits of the first step. */
    void firstStep(double[] features, double[] logits) {
        samples("step0.features", features, RunTolerances::features);
        samples("step0.logits", logits, RunTolerances::logits);
    }

    /** Features and logits in evaluation after the last step. */
    void evaluation(double[] features, double[] logits) {
        samples("final.eval_features", features, RunTolerances::evaluatedFeatures);
        samples("final.eval_logits", logits, RunTolerances::evaluatedLogits);
    }

    private void samples(String name, double[] found, ToDoubleFunction<RunTolerances> tolerance) {
        if (file.holds(name)) {
            double[] recorded = recorded(name);
            rows.add(name, found, recorded, tolerance, Comparison.norm(recorded), 0);
        }
    }

    /** The gradients of the first step. */
    void gradients(Parameters parameters) {
        List<Moved> all = new ArrayList<>();
        for (Parameter p : run.parameters()) {
            if (p.trained()) {
                double[] now = parameters.gradient(p.name()).toDoubles();
                all.add(new Moved(Names.ofGradient(p.name()), new double[now.length], now));
            }
        }
        List<Moved> whole = all.stream().filter(one -> file.holds(one.names.whole)).toList();
        double[] recorded = joined(whole.stream().map(one -> recorded(one.names.whole)).toList());
        double norm = Comparison.norm(recorded);
        rows.add(
                "step0.grad, all",
                joined(whole.stream().map(Moved::now).toList()),
                recorded,
                RunTolerances::gradients,
                norm,
                FLOAT32_ROUNDING * norm);
        all.forEach(one -> compare(one, RunTolerances::gradient, norm));
    }

    /** The parameters and running statistics after the last step. */
    void end(Parameters parameters) {
        List<Moved> moved = new ArrayList<>();
        for (Parameter p : run.parameters()) {
            double[] now = parameters.value(p.name()).toDoubles();
            Names names = Names.atTheEnd(p.name());
            if (RecordedRun.isStatistic(p)) {
                compare(
                        new Moved(names, new double[now.length], now),
                        RunTolerances::statistics,
                        0);
            } else if (run.begins(p)) {
                moved.add(new Moved(names, run.initial(p.name()), now));
            }
        }
        double[] changes =
                joined(
                        moved.stream()
                                .filter(one -> file.holds(one.names.whole))
                                .map(one -> minus(recorded(one.names.whole), one.start))
                                .toList());
        double norm = Comparison.norm(changes);
        moved.forEach(one -> compare(one, RunTolerances::update, norm));
    }

    private void compare(Moved one, ToDoubleFunction<RunTolerances> tolerance, double normOfAll) {
        Names names = one.names;
        boolean noise = zeroInTheory == null || zeroInTheory.contains(names.parameter);
        // As in Comparison.ofTensor.
        double least = noise ? 1e-3 * normOfAll : 0;
        if (file.holds(names.whole)) {
            compare(names.whole, one.start, one.now, tolerance, least);
        }
        if (file.holds(names.sample) || file.holds(names.norm)) {
            double[] start = sample(one.start);
            compare(names.sample, start, sample(one.now), tolerance, least);
            // The norm of the whole change is estimated by that of the sample.
            double change = Comparison.norm(minus(recorded(names.sample), start));
            double estimate = change * Math.sqrt((double) one.now.length / start.length);
            rows.add(
                    names.norm,
                    new double[] {Comparison.norm(one.now)},
                    recorded(names.norm),
                    tolerance,
                    Math.max(estimate, least),
                    rounding(names.norm));
        }
    }

    private void compare(
            String name,
            double[] start,
            double[] now,
            ToDoubleFunction<RunTolerances> tolerance,
            double least) {
        double[] recorded = recorded(name);
        if (recorded.length != now.length) {
            throw file.failure(
                    "tensor '%s': expected %d elements, found %d"
                            .formatted(name, now.length, recorded.length));
        }
        double[] change = minus(recorded, start);
        rows.add(
                name,
                minus(now, start),
                change,
                tolerance,
                Math.max(Comparison.norm(change), least),
                rounding(name));
    }

    /** Rows that fail, for what is in the file and was not compared. */
    void rest() {
        for (String name : file.untaken()) {
            rows.addUnchecked(name);
        }
    }

    private double[] recorded(String name) {
        return file.take(name).toDoubles();
    }

    /** How far a tensor may be off because it is stored in float32. */
    private double rounding(String name) {
        boolean rounded = file.take(name).type() == SafetensorsEntry.Type.F32;
        return rounded ? FLOAT32_ROUNDING * Comparison.norm(recorded(name)) : 0;
    }

    private double[] sample(double[] all) {
        long stride = file.whole(STRIDE);
        if (stride < 1) {
            throw file.unexpected(STRIDE, "at least 1");
        }
        double[] sample = new double[Math.toIntExact((all.length - 1) / stride + 1)];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = all[Math.toIntExact(i * stride)];
        }
        return sample;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static double[] joined(List<double[]> parts) {
        return parts.stream().flatMapToDouble(DoubleStream::of).toArray();
    }
}
