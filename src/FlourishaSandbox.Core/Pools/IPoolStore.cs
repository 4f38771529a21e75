namespace FlourishaSandbox.Pools;

/// <summary>Where it is written down which pools a user wants.</summary>
public interface IPoolStore
{
    /// <summary>The pools that are wanted.</summary>
    /// <returns>The pools, in no particular order.</returns>
    IReadOnlyList<PoolDefinition> Load();

    /// <summary>Writes a pool down, in place of one of the same name.</summary>
    /// <param name="definition">The pool.</param>
    void Save(PoolDefinition definition);

    /// <summary>Strikes a pool out.</summary>
    /// <param name="name">Its name; one that is not there is no error.</param>
    void Remove(string name);
}
