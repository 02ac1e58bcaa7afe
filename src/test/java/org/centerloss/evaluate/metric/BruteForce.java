package org.centerloss.evaluate.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The definitions of the metrics, as plainly as they can be written. */
record BruteForce(int dimension, float[] features, int[] labels) {
    double squaredDistance(int i, int j) {
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
            double difference = (double) features[i * dimension + k] - features[j * dimension + k];
            sum += difference * difference;
        }
        return sum;
    }

    private int fellows(int i) {
        int fellows = -1;
        for (int label : labels) {
            fellows += label == labels[i] ? 1 : 0;
        }
        return fellows;
    }

    /** Precision at 1, R-precision, MAP@R, queries, samples that are none; null without queries. */
    double[] retrieval() {
        double[] sums = new double[3];
        int queries = 0;
        for (int i = 0; i < labels.length; i++) {
            int query = i;
            int r = fellows(i);
            if (r == 0) {
                continue;
            }
            queries++;
            List<Integer> ranking =
                    IntStream.range(0, labels.length)
                            .filter(j -> j != query)
                            .boxed()
                            .sorted(
                                    Comparator.comparingDouble(
                                                    (Integer j) -> squaredDistance(query, j))
                                            .thenComparing(j -> j))
                            .toList();
            double found = 0;
            double precisions = 0;
            for (int k = 1; k <= r; k++) {
                if (labels[ranking.get(k - 1)] == labels[i]) {
                    found++;
                    precisions += found / k;
                    sums[0] += k == 1 ? 1 : 0;
                }
            }
            sums[1] += found / r;
            sums[2] += precisions / r;
        }
        return queries == 0
                ? null
                : new double[] {
                    sums[0] / queries,
                    sums[1] / queries,
                    sums[2] / queries,
                    queries,
                    labels.length - queries
                };
    }

    Double silhouette() {
        List<Integer> classes = IntStream.of(labels).distinct().boxed().toList();
        if (classes.size() < 2 || classes.size() == labels.length) {
            return null;
        }
        double total = 0;
        for (int i = 0; i < labels.length; i++) {
            if (fellows(i) == 0) {
                continue;
            }
            double a = 0;
            double b = Double.MAX_VALUE;
            for (int c : classes) {
                double sum = 0;
                int count = 0;
                for (int j = 0; j < labels.length; j++) {
                    if (labels[j] == c && j != i) {
                        sum += Math.sqrt(squaredDistance(i, j));
                        count++;
                    }
                }
                if (c == labels[i]) {
                    a = sum / count;
                } else {
                    b = Math.min(b, sum / count);
                }
            }
            total += Math.max(a, b) == 0 ? 0 : (b - a) / Math.max(a, b);
        }
        return total / labels.length;
    }

    /** Squared distances of the pairs of one class, or of two, in no order. */
    List<Double> pairs(boolean same) {
        List<Double> pairs = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            for (int j = i + 1; j < labels.length; j++) {
                if ((labels[i] == labels[j]) == same) {
                    pairs.add(squaredDistance(i, j));
                }
            }
        }
        return pairs;
    }

    double areaUnderRoc() {
        double wins = 0;
        for (double s : pairs(true)) {
            for (double d : pairs(false)) {
                wins += s < d ? 1 : s == d ? 0.5 : 0;
            }
        }
        return wins / pairs(true).size() / pairs(false).size();
    }

    /** FAR and TAR at every threshold that makes a difference, from (0, 0) on. */
    List<double[]> roc() {
        List<Double> same = pairs(true);
        List<Double> different = pairs(false);
        TreeSet<Double> thresholds = new TreeSet<>(same);
        thresholds.addAll(different);
        List<double[]> roc = new ArrayList<>();
        roc.add(new double[] {0, 0});
        for (double t : thresholds) {
            roc.add(new double[] {share(different, t), share(same, t)});
        }
        return roc;
    }

    private static double share(List<Double> distances, double threshold) {
        return (double) distances.stream().filter(d -> d <= threshold).count() / distances.size();
    }

    /** By bisection along the segment of the ROC where FAR − (1 − TAR) changes its sign. */
    double equalErrorRate() {
        List<double[]> roc = roc();
        int last = 0;
        while (roc.get(last)[0] + roc.get(last)[1] < 1) {
            last++;
        }
        double[] a = roc.get(last - 1);
        double[] b = roc.get(last);
        double low = 0;
        double high = 1;
        for (int step = 0; step < 100; step++) {
            double middle = (low + high) / 2;
            double sum = (1 - middle) * (a[0] + a[1]) + middle * (b[0] + b[1]);
            if (sum < 1) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (1 - high) * a[0] + high * b[0];
    }

    /** The highest TAR whose FAR is at most the given; null where one false accept is too many. */
    Double trueAcceptRate(double falseAcceptRate) {
        if (pairs(false).size() < Math.round(1 / falseAcceptRate)) {
            return null;
        }
        double best = 0;
        for (double[] point : roc()) {
            if (point[0] <= falseAcceptRate) {
                best = Math.max(best, point[1]);
            }
        }
        return best;
    }

    /** From the table of counts, cell by cell. */
    static double normalizedMutualInformation(int[] a, int[] b) {
        int n = a.length;
        double information = 0;
        double entropyA = 0;
        double entropyB = 0;
        for (int x : IntStream.of(a).distinct().toArray()) {
            double shareA = IntStream.of(a).filter(v -> v == x).count() / (double) n;
            entropyA -= shareA * Math.log(shareA);
            for (int y : IntStream.of(b).distinct().toArray()) {
                double shareB = IntStream.of(b).filter(v -> v == y).count() / (double) n;
                double both =
                        IntStream.range(0, n).filter(i -> a[i] == x && b[i] == y).count()
                                / (double) n;
                information += both == 0 ? 0 : both * Math.log(both / (shareA * shareB));
            }
        }
        for (int y : IntStream.of(b).distinct().toArray()) {
            double shareB = IntStream.of(b).filter(v -> v == y).count() / (double) n;
            entropyB -= shareB * Math.log(shareB);
        }
        return entropyA + entropyB == 0 ? 1 : 2 * information / (entropyA + entropyB);
    }
}
