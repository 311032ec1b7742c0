import com.helger.diver.api.coord.DVRCoordinate;
import com.helger.phive.api.execute.ValidationExecutionManager;
import com.helger.phive.api.executor.IValidationExecutor;
import com.helger.phive.api.executorset.IValidationExecutorSet;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.result.ValidationResultList;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.peppol.PeppolValidation;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import com.helger.phive.xml.xsd.ValidationExecutorXSD;
import com.helger.xml.serialize.read.DOMReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * phive by its own rule sets, from a document's bytes to the findings. Arguments: a set's coordinate, then files, each
 * followed by how often it is judged.
 *
 * Prints a line a file: `NAME: rules mean M min N; whole mean M min N; found ID=COUNT ...`. The figures are CPU
 * milliseconds of the thread that judges, without those that compile and collect; the mean is that of the later half.
 * "rules" is the document read and judged by the set's Schematron; "whole" is the set as it comes, schemas first.
 */
public final class Phive {
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  /** What judging one document in one of the two ways has cost so far. */
  private static final class Way {
    final List<IValidationExecutor<IValidationSourceXML>> steps;
    double least = Double.MAX_VALUE;
    double later = 0;
    ValidationResultList last;

    Way(List<IValidationExecutor<IValidationSourceXML>> steps) {
      this.steps = steps;
    }

    void judge(byte[] text, boolean counts) {
      long before = CPU.getCurrentThreadCpuTime();
      var manager = new ValidationExecutionManager<>(IValidityDeterminator.<IValidationSourceXML>createDefault(), steps);
      var source = ValidationSourceXML.create(null, DOMReader.readXMLDOM(text));
      last = new ValidationResultList(source);
      manager.executeValidation(source, last, Locale.US);
      double spent = (CPU.getCurrentThreadCpuTime() - before) / 1e6;
      least = Math.min(least, spent);
      later += counts ? spent : 0;
    }

    String spent(int counted) {
      return String.format(Locale.ROOT, "mean %.2f min %.2f", later / counted, least);
    }

    String found() {
      var counts = new TreeMap<String, Integer>();
      last.forEachFlattened(error -> counts.merge(String.valueOf(error.getErrorID()), 1, Integer::sum));
      var text = new StringBuilder();
      counts.forEach((id, count) -> text.append(' ').append(id).append('=').append(count));
      return text.toString();
    }
  }

  public static void main(String[] words) throws Exception {
    var registry = new ValidationExecutorSetRegistry<IValidationSourceXML>();
    PeppolValidation.initStandard(registry);
    IValidationExecutorSet<IValidationSourceXML> set = registry.getOfID(DVRCoordinate.parseOrThrow(words[0]));
    if (set == null) {
      System.out.println("phive has no set " + words[0]);
      System.exit(2);
    }
    var rules = new ArrayList<>(set.getAllExecutors());
    rules.removeIf(step -> step instanceof ValidationExecutorXSD);
    for (int i = 1; i < words.length; i += 2) {
      Path file = Path.of(words[i]);
      byte[] text = Files.readAllBytes(file);
      int times = Integer.parseInt(words[i + 1]);
      var byRules = new Way(rules);
      var whole = new Way(set.getAllExecutors());
      for (int turn = 0; turn < times; turn++) {
        byRules.judge(text, turn >= times / 2);
        whole.judge(text, turn >= times / 2);
      }
      int counted = times - times / 2;
      System.out.printf(
          "%s: rules %s; whole %s; found%s%n",
          file.getFileName(), byRules.spent(counted), whole.spent(counted), whole.found());
    }
  }
}
